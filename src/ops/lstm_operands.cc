#include "ops/lstm_operands.h"

#include <initializer_list>
#include <string>

#include "ops/inference.h"

namespace litesmith {
namespace {

using namespace lstm;

void require_shape(const NodeView& node, size_t operand, std::initializer_list<int32_t> wanted) {
  const Value* value = node.optional_input(operand);
  if (value == nullptr) return;
  if (!merged(value->shape, Shape(wanted))) {
    refuse(node, "operand " + std::to_string(operand) + " is " + to_string(value->shape) +
                     ", not " + to_string(Shape(wanted)));
  }
}

void require_state(const NodeView& node, size_t operand, int32_t batch, int32_t size) {
  const Value& state = node.input(operand);
  if (!state.is_variable) refuse(node, "its state '" + state.name + "' is no variable");
  if (batch < 0 || !is_static(state.shape)) return;
  if (element_count(state.shape) != int64_t{batch} * size) {
    refuse(node, "its state '" + state.name + "' is " + to_string(state.shape) + " for " +
                     std::to_string(batch) + " x " + std::to_string(size));
  }
}

// All of these operands or none; true when they are there.
bool all_or_none(const NodeView& node, std::initializer_list<size_t> operands) {
  size_t there = 0;
  for (const size_t i : operands) there += node.optional_input(i) != nullptr ? 1 : 0;
  if (there != 0 && there != operands.size()) {
    refuse(node, "some of the operands from " + std::to_string(*operands.begin()) + " are missing");
  }
  return there != 0;
}

}  // namespace

LstmSizes lstm_sizes(const NodeView& node, bool sequence, bool time_major) {
  if (node.inputs.size() != 20 && node.inputs.size() != 24) {
    refuse(node, "it has " + std::to_string(node.inputs.size()) + " operands, not 20 or 24");
  }
  const Shape& input = node.input(kInput).shape;
  if (input.size() != (sequence ? 3 : 2)) {
    refuse(node, "its input is of rank " + std::to_string(input.size()));
  }
  const Shape& weights = node.input(kInputWeights + kOutputGate).shape;
  const Shape& recurrent = node.input(kRecurrentWeights + kOutputGate).shape;
  if (weights.size() != 2 || (recurrent.size() != 2 && recurrent.size() != 1)) {
    refuse(node,
           "its weights are of shapes " + to_string(weights) + " and " + to_string(recurrent));
  }
  if (!is_static(weights) || !is_static(recurrent)) refuse(node, "its weights have no fixed shape");
  const bool diagonal = recurrent.size() == 1;
  LstmSizes sizes{.batch = input[sequence && time_major ? 1 : 0],
                  .steps = sequence ? input[time_major ? 0 : 1] : 1,
                  .inputs = weights[1],
                  .cells = weights[0],
                  .outputs = diagonal ? recurrent[0] : recurrent[1],
                  .time_major = time_major};
  if (input.back() >= 0 && input.back() != sizes.inputs) {
    refuse(node, "its input has " + std::to_string(input.back()) + " features, its weights " +
                     std::to_string(sizes.inputs));
  }
  const bool coupled =
      !all_or_none(node, {kInputWeights + kInputGate, kRecurrentWeights + kInputGate});
  if (coupled && node.optional_input(kBias + kInputGate) != nullptr) {
    refuse(node, "an input gate's bias without its weights");
  }
  const int32_t cells = sizes.cells;
  for (size_t gate = coupled ? 1 : 0; gate < 4; ++gate) {
    node.input(kInputWeights + gate);  // throws where it is absent
    node.input(kRecurrentWeights + gate);
    node.input(kBias + gate);
    require_shape(node, kInputWeights + gate, {cells, sizes.inputs});
    if (node.input(kRecurrentWeights + gate).shape.size() == 1) {
      require_shape(node, kRecurrentWeights + gate, {cells});
    } else {
      require_shape(node, kRecurrentWeights + gate, {cells, sizes.outputs});
    }
    require_shape(node, kBias + gate, {cells});
  }
  const bool peephole = all_or_none(node, {kCellWeights + 1, kCellWeights + 2});
  if (peephole != (node.optional_input(kCellWeights) != nullptr) && !(peephole && coupled)) {
    refuse(node, "some of the peephole weights are missing");
  }
  for (size_t i = 0; i < 3; ++i) require_shape(node, kCellWeights + i, {cells});
  const bool projects = node.optional_input(kProjectionWeights) != nullptr;
  require_shape(node, kProjectionWeights, {sizes.outputs, cells});
  require_shape(node, kProjectionBias, {sizes.outputs});
  if (!projects && node.optional_input(kProjectionBias) != nullptr) {
    refuse(node, "a projection's bias without its weights");
  }
  if (!projects && sizes.outputs != cells) {
    refuse(node, std::to_string(cells) + " cells make " + std::to_string(sizes.outputs) +
                     " outputs without a projection");
  }
  const bool normalizes = all_or_none(node, {kLayerNorm + 1, kLayerNorm + 2, kLayerNorm + 3});
  if ((node.optional_input(kLayerNorm) != nullptr) != (normalizes && !coupled)) {
    refuse(node, "layer normalization of some gates only");
  }
  for (size_t gate = 0; gate < 4; ++gate) require_shape(node, kLayerNorm + gate, {cells});
  require_state(node, kOutputState, sizes.batch, sizes.outputs);
  require_state(node, kCellState, sizes.batch, cells);
  return sizes;
}

std::vector<InferredOutput> infer_lstm(const NodeView& node, const LstmSizes& sizes) {
  require_outputs(node, 1);
  Shape shape = node.input(kInput).shape;
  shape.back() = sizes.outputs;
  return {{node.input(kInput).dtype, shape}};
}

OwnRules lstm_own_rules(const NodeView& node, Activation activation) {
  using Kind = OperandRule::Kind;
  OwnRules rules{
      .operands = {},
      .intermediate_names = {"input_to_input_intermediate", "input_to_forget_intermediate",
                             "input_to_cell_intermediate", "input_to_output_intermediate",
                             "effective_hidden_scale_intermediate"}};
  const auto has = [&](size_t operand) { return node.optional_input(operand) != nullptr; };
  const bool normalizes = has(kLayerNorm + kForgetGate);
  auto add = [&](OperandRule rule) {
    if (node.optional_input(rule.operand) != nullptr) rules.operands.push_back(std::move(rule));
  };
  for (size_t gate = 0; gate < 4; ++gate) {
    if (node.optional_input(kInputWeights + gate) == nullptr) continue;  // coupled
    add({kInputWeights + gate, Kind::weights});
    add({kRecurrentWeights + gate, Kind::weights});
    add({kLayerNorm + gate, Kind::weights_16});
    if (normalizes) {
      // Of the normalized sums, which are in steps of 2^-10.
      add({kBias + gate, Kind::bias, {kLayerNorm + gate}, {}, 0x1p-10f});
      rules.intermediates.push_back({gate, DType::int16});
    } else {
      add({kBias + gate, Kind::bias, {kInput, kInputWeights + gate}});
    }
  }
  for (size_t i = 0; i < 3; ++i) add({kCellWeights + i, Kind::weights_16});
  add({kProjectionWeights, Kind::weights});
  add({kProjectionBias, Kind::bias, {kProjectionWeights}, kHidden});
  const bool projects = has(kProjectionWeights);
  rules.intermediates.push_back({kHidden, DType::int8, !projects});
  if (normalizes || projects || has(kCellWeights + 1) || !has(kInputWeights + kInputGate)) {
    rules.refusal_int16 =
        "TFLite Micro's int16 kernel has no peepholes, projection, layer normalization or coupled "
        "gates";
  }
  add({kOutputState, Kind::output_state});
  add({kCellState, Kind::cell_state});
  if (activation != Activation::tanh) {
    rules.refusal = "LiteRT's int8 kernel has the activation TANH only";
    rules.refusal_int16 = "TFLite Micro's int16 kernel has the activation TANH only";
  }
  for (size_t gate = 0; gate < 4; ++gate) {
    const Value* recurrent = node.optional_input(kRecurrentWeights + gate);
    if (recurrent != nullptr && recurrent->shape.size() == 1) {
      rules.refusal = "LiteRT's int8 kernel has no diagonal recurrent weights";
      rules.refusal_int16 = "TFLite Micro's int16 kernel has no diagonal recurrent weights";
    }
  }
  return rules;
}

std::vector<WeightOperand> lstm_hybrid_weights() {
  std::vector<WeightOperand> weights;
  for (int operand = kInputWeights; operand < static_cast<int>(kBias); ++operand) {
    weights.push_back({operand, -1});
  }
  weights.push_back({static_cast<int>(kProjectionWeights), -1});
  return weights;
}

}  // namespace litesmith
