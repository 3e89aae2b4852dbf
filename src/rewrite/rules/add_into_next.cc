// CONV_2D(ADD(x, c), w, b) {VALID}, where c is a number
//   becomes CONV_2D(x, w, b + sum of w * c).
//
// So for SUB and for the other ops with weights; not under SAME padding, which stays zero where x +
// c would not. For a dense layer c may also have one value an input. The sums are TensorFlow's to
// the bit: in order, and for one value an input with Neumaier's compensation (1974).
#include <cmath>

#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "rewrite/affine.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

bool pads_nothing(const Node& node) {
  if (const auto* conv = node.as<Conv2D>()) return conv->padding == Padding::valid;
  if (const auto* conv = node.as<DepthwiseConv2D>()) return conv->padding == Padding::valid;
  return node.as<FullyConnected>() != nullptr;
}

// The bias a number added to the input makes.
std::vector<float> bias_of_number(const Editor& edit, const Affine& affine, float number) {
  std::vector<float> bias = bias_elements(edit, affine);
  const auto weights = edit.value(affine.weights).elements<float>();
  affine.each_weight(edit.value(affine.weights).shape, [&](size_t i, size_t channel) {
    const float product = weights[i] * number;
    bias[channel] = bias[channel] + product;
  });
  return bias;
}

// The bias that one number an input makes in a dense layer.
std::vector<float> bias_of_row(const Editor& edit, const Affine& affine,
                               std::span<const float> row) {
  const auto weights = edit.value(affine.weights).elements<float>();
  std::vector<float> bias = bias_elements(edit, affine);
  for (size_t channel = 0; channel < affine.channels; ++channel) {
    float sum = bias[channel];
    float lost = 0;
    for (size_t i = 0; i < row.size(); ++i) {
      const float term = row[i] * weights[channel * row.size() + i];
      const float next = sum + term;
      lost += std::abs(sum) >= std::abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
    }
    bias[channel] = sum + lost;
  }
  return bias;
}

}  // namespace

bool add_into_next(Editor& edit, size_t node) {
  const auto affine = as_affine(edit, node);
  if (!affine || !pads_nothing(edit.node(node))) return false;
  const ValueId between = edit.node(node).inputs.at(affine->input_operand);
  const auto before = edit.producer(between);
  if (!before) return false;
  const Node& shift = edit.node(*before);
  const bool subtracts = shift.as<Sub>() != nullptr;
  if ((!subtracts && shift.as<Add>() == nullptr) ||
      fused_activation(*shift.op) != Activation::none) {
    return false;
  }
  const ValueId x = shift.inputs.at(0);
  const auto terms = float_constant(edit, shift.inputs.at(1));
  if (!terms || edit.value(x).is_constant() ||
      !interchangeable(edit.value(x), edit.value(between))) {
    return false;
  }
  std::vector<float> bias;
  if (terms->size() == 1) {
    bias = bias_of_number(edit, *affine, subtracts ? -(*terms)[0] : (*terms)[0]);
  } else {
    // TensorFlow leaves a dense layer without a bias as it is, and so its quantized twin.
    const bool fits =
        edit.node(node).as<FullyConnected>() != nullptr && !subtracts && affine->bias.valid() &&
        edit.value(shift.inputs[1]).shape.size() == 1 &&
        static_cast<size_t>(edit.value(affine->weights).shape.back()) == terms->size();
    if (!fits) return false;
    bias = bias_of_row(edit, *affine, *terms);
  }
  std::vector<ValueId> operands = operands_with(edit, *affine, std::nullopt, bias);
  operands[affine->input_operand] = x;
  edit.change(node, edit.node(node).op, std::move(operands));
  return true;
}

}  // namespace litesmith::rules
