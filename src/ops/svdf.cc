#include "ops/svdf.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 5, 5);
  require_outputs(node, 1);
  const Shape& input = node.input(0).shape;
  const Shape& feature = node.input(1).shape;
  const Shape& time = node.input(2).shape;
  const Value& state = node.input(4);
  const int32_t rank = node.as<Svdf>().rank;
  if (input.size() != 2 || feature.size() != 2 || time.size() != 2 || !is_static(feature) ||
      !is_static(time) || (input[1] >= 0 && input[1] != feature[1]) || time[0] != feature[0] ||
      time[1] < 1) {
    refuse(node, "an input " + to_string(input) + ", features " + to_string(feature) +
                     " and time " + to_string(time) + " do not fit");
  }
  if (rank < 1 || feature[0] % rank != 0) {
    refuse(node, std::to_string(feature[0]) + " filters are no multiple of the rank " +
                     std::to_string(rank));
  }
  const int32_t units = feature[0] / rank;
  if (const Value* bias = node.optional_input(3); bias != nullptr && bias->shape != Shape{units}) {
    refuse(node, "a bias " + to_string(bias->shape) + " for " + std::to_string(units) + " units");
  }
  if (!state.is_variable) refuse(node, "its state '" + state.name + "' is no variable");
  if (!merged(state.shape, {input[0], to_dimension(node, int64_t{time[0]} * time[1])})) {
    refuse(node, "a state " + to_string(state.shape) + " for " + std::to_string(time[0]) +
                     " filters of " + std::to_string(time[1]) + " steps");
  }
  return {{node.input(0).dtype, {input[0], units}}};
}

int version(const NodeView& node) {
  if (node.input(0).dtype == DType::int8) return 3;
  if (node.input(0).dtype == DType::float32 && node.input(1).dtype == DType::int8) {
    return node.as<Svdf>().asymmetric_quantize_inputs ? 4 : 2;
  }
  return 1;
}

// (LiteRT tflite/converter/tools/optimize/operator_property.cc.)
OwnRules own_rules(const NodeView& node) {
  using Kind = OperandRule::Kind;
  OwnRules rules{.operands = {{1, Kind::weights}, {2, Kind::weights_10}, {4, Kind::state_16}}};
  if (node.optional_input(3) != nullptr) rules.operands.push_back({3, Kind::bias, {2, 4}});
  if (node.as<Svdf>().activation != Activation::relu) {
    rules.refusal = "LiteRT's int8 kernel has the activation RELU only";
  }
  return rules;
}

}  // namespace

const OpDef& Svdf::definition() {
  static const OpDef def = {.code = 27,
                            .name = "SVDF",
                            .options_tag = 6,
                            .make = make_op<Svdf>,
                            .infer = infer,
                            .version = version,
                            .runtime_versions = {"1.5.0", "1.14.0", "2.2.0", "2.3.0"},
                            .quant = {.int8 = true,
                                      .hybrid = {{1, -1}, {2, -1}},
                                      // The hybrid kernel reads both as int8.
                                      .hybrid_together = true,
                                      .own_rules = own_rules},
                            .set_asymmetric_inputs = set_asymmetric_inputs<Svdf>};
  return def;
}

}  // namespace litesmith
