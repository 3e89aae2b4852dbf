#include "rewrite/affine.h"

#include <algorithm>
#include <cmath>

#include "rewrite/match.h"

namespace litesmith {
namespace {

bool is_float_operand(const Editor& edit, const Node& node, size_t operand) {
  const ValueId id = node.inputs[operand];
  return id.valid() && is_plain_float(edit.value(id));
}

}  // namespace

std::optional<Affine> as_affine(const Editor& edit, size_t node) {
  const Node& made_by = edit.node(node);
  // The quantizer's own description of the op says which operand is which.
  const QuantSpec& spec = made_by.def().quant;
  if (spec.weights.size() != 1 || spec.bias < 0 || spec.weights[0].channel_dimension < 0) {
    return std::nullopt;
  }
  Affine affine{.node = node,
                .input_operand = static_cast<size_t>(spec.multiplied),
                .weights_operand = static_cast<size_t>(spec.weights[0].operand),
                .bias_operand = static_cast<size_t>(spec.bias),
                .channel_dimension = static_cast<size_t>(spec.weights[0].channel_dimension),
                .channels = 0,
                .weights = {},
                .bias = {}};
  if (std::max(affine.weights_operand, affine.input_operand) >= made_by.inputs.size() ||
      !is_float_operand(edit, made_by, affine.input_operand)) {
    return std::nullopt;
  }
  affine.weights = made_by.inputs[affine.weights_operand];
  if (affine.bias_operand < made_by.inputs.size()) {
    affine.bias = made_by.inputs[affine.bias_operand];
  }
  if (!is_float_constant(edit, affine.weights)) return std::nullopt;
  const Shape& shape = edit.value(affine.weights).shape;
  if (affine.channel_dimension >= shape.size()) return std::nullopt;
  affine.channels = static_cast<size_t>(shape[affine.channel_dimension]);
  if (affine.channels == 0) return std::nullopt;
  if (affine.bias.valid()) {
    const auto bias = float_constant(edit, affine.bias);
    if (!bias || bias->size() != affine.channels) return std::nullopt;
  }
  return affine;
}

std::vector<float> bias_elements(const Editor& edit, const Affine& affine) {
  if (!affine.bias.valid()) return std::vector<float>(affine.channels, 0.0f);
  const auto bias = edit.value(affine.bias).elements<float>();
  return {bias.begin(), bias.end()};
}

std::optional<std::vector<float>> per_channel_constant(const Editor& edit, ValueId id,
                                                       size_t channels) {
  const auto elements = float_constant(edit, id);
  if (!elements) return std::nullopt;
  if (elements->size() == 1) return std::vector<float>(channels, (*elements)[0]);
  const Shape& shape = edit.value(id).shape;
  if (elements->size() != channels || static_cast<size_t>(shape.back()) != channels) {
    return std::nullopt;
  }
  return std::vector<float>(elements->begin(), elements->end());
}

std::vector<ValueId> operands_with(Editor& edit, const Affine& affine,
                                   const std::optional<Buffer>& weights,
                                   const std::optional<std::vector<float>>& bias,
                                   std::vector<double> scales) {
  std::vector<ValueId> operands = edit.node(affine.node).inputs;
  if (weights) {
    const Value& old = edit.value(affine.weights);
    operands[affine.weights_operand] = edit.add_constant({.name = old.name,
                                                          .dtype = DType::float32,
                                                          .shape = old.shape,
                                                          .learned_scales = std::move(scales),
                                                          .data = *weights});
  }
  if (bias) {
    operands.resize(std::max(operands.size(), affine.bias_operand + 1));
    const ValueId named_after = affine.bias.valid() ? affine.bias : affine.weights;
    operands[affine.bias_operand] =
        edit.add_constant(edit.value(named_after).name + (affine.bias.valid() ? "" : "/bias"),
                          {static_cast<int32_t>(affine.channels)}, *bias);
  }
  return operands;
}

std::vector<double> learned_scales_times(const Editor& edit, const Affine& affine,
                                         std::span<const double> factors) {
  const std::vector<double>& scales = edit.value(affine.weights).learned_scales;
  if (scales.empty()) return {};
  std::vector<double> result;
  for (size_t c = 0; c < factors.size(); ++c) {
    result.push_back(scales[scales.size() == 1 ? 0 : c] * std::abs(factors[c]));
  }
  return result;
}

}  // namespace litesmith
