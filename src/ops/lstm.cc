#include "ops/lstm.h"

#include <array>

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/lstm_operands.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  if (node.as<Lstm>().kernel_type == LstmKernel::basic) return stated_outputs(node);
  return infer_lstm(node, lstm_sizes(node, false, false));
}

int version(const NodeView& node) {
  const auto& op = node.as<Lstm>();
  if (op.kernel_type == LstmKernel::basic) return 2;
  const DType weights = node.input(lstm::kInputWeights + lstm::kForgetGate).dtype;
  const DType input = node.input(lstm::kInput).dtype;
  if (input == DType::int16 && weights == DType::int8) return 5;
  if (input == DType::float32 && weights == DType::int8) {
    return op.asymmetric_quantize_inputs ? 4 : 3;
  }
  return 1;
}

OwnRules own_rules(const NodeView& node) {
  const auto& op = node.as<Lstm>();
  if (op.kernel_type == LstmKernel::basic) {
    return {.operands = {}, .refusal = "it is the BASIC kernel, which has no int8 version"};
  }
  return lstm_own_rules(node, op.activation);
}

}  // namespace

std::span<const std::string_view> enum_names(LstmKernel) {
  static constexpr std::array<std::string_view, 2> kNames = {"FULL", "BASIC"};
  return kNames;
}

const OpDef& Lstm::definition() {
  static const OpDef def = {.code = 16,
                            .name = "LSTM",
                            .options_tag = 14,
                            .make = make_op<Lstm>,
                            .infer = infer,
                            .version = version,
                            .runtime_versions = {"1.7.0", "1.10.0", "1.14.0", "2.3.0"},
                            .quant = {.int8 = true,
                                      .hybrid = lstm_hybrid_weights(),
                                      .hybrid_together = true,
                                      .own_rules = own_rules},
                            .set_asymmetric_inputs = set_asymmetric_inputs<Lstm>};
  return def;
}

}  // namespace litesmith
