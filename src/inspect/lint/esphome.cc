// What ESPHome's micro_wake_word asks of a model (its StreamingModel::load_model_): one int8 input
// [1, stride, 40] of features, one uint8 output [1, 1] with a probability, at most 20 variables.
#include "inspect/lint/checks.h"
#include "inspect/printable.h"
#include "ir/shape.h"

namespace litesmith::lint_checks {
namespace {

constexpr int32_t kFeatures = 40;
constexpr size_t kVariables = 20;
constexpr std::string_view kSource = "streaming_model.cpp";

struct Wanted {
  std::string_view role;  // "input"
  DType dtype;
  Shape shape;  // kDynamic: any
};

bool fits(const Shape& shape, const Shape& wanted) {
  if (shape.size() != wanted.size()) return false;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (wanted[i] != kDynamic && shape[i] != wanted[i]) return false;
  }
  return true;
}

void check(const ListedGraph& graph, const std::vector<int32_t>& ends, const Wanted& wanted,
           Findings& findings) {
  Finding finding{.rule = "interface", .problem = "", .source = std::string(kSource)};
  const std::string ask = "ESPHome's micro_wake_word asks for one " + std::string(wanted.role) +
                          ", " + std::string(to_string(wanted.dtype)) + " " +
                          (wanted.role == "input" ? "[1, stride, 40]" : "[1, 1]");
  if (ends.size() != 1 || graph.tensor(ends[0]) == nullptr) {
    finding.problem = ask + "; the file has " + std::to_string(ends.size());
    finding.advice = "export the streaming model with a single " + std::string(wanted.role);
    findings.push_back(std::move(finding));
    return;
  }
  const ListedTensor& tensor = *graph.tensor(ends[0]);
  finding.tensor = static_cast<size_t>(ends[0]);
  finding.tensor_name = printable(tensor.name);
  if (tensor.dtype != wanted.dtype) {
    finding.problem = ask + "; '" + finding.tensor_name + "' is " +
                      std::string(tensor.dtype ? to_string(*tensor.dtype) : "of an unknown type");
    finding.advice = "convert with --" + std::string(wanted.role) + "-type " +
                     std::string(to_string(wanted.dtype));
    findings.push_back(finding);
  }
  if (!fits(tensor.shape, wanted.shape)) {
    finding.problem = ask + "; '" + finding.tensor_name + "' is " + to_string(tensor.shape);
    finding.advice = "export the model for streaming, with batch 1 and 40 features a step";
    findings.push_back(finding);
  }
}

}  // namespace

void esphome(const Listing& listing, Findings& findings) {
  if (listing.empty()) return;
  check(listing[0], listing[0].inputs, {"input", DType::int8, {1, kDynamic, kFeatures}}, findings);
  check(listing[0], listing[0].outputs, {"output", DType::uint8, {1, 1}}, findings);
  size_t variables = 0;
  for (const ListedOp& op : listing[0].ops) variables += op.name == "VAR_HANDLE" ? 1 : 0;
  if (variables > kVariables) {
    findings.push_back({.rule = "interface",
                        .problem = "ESPHome's micro_wake_word has room for " +
                                   std::to_string(kVariables) + " variables; the file has " +
                                   std::to_string(variables),
                        .advice = "join states, or train a model with fewer streaming layers",
                        .source = std::string(kSource)});
  }
}

}  // namespace litesmith::lint_checks
