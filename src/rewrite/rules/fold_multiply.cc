// MUL(CONV_2D(x, w, b), k)
//   becomes CONV_2D(x, w * k, b * k).
//
// k is a constant with one value a channel, or one for all; so for DIV, and for every op with
// weights and a bias. The multiplication half of a folded batch norm: each product is rounded once
// to float32, as TensorFlow's folder does it, so from equal constants come equal bits.
#include "ops/binary.h"
#include "rewrite/affine.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"
#include "rewrite/scaled_weights.h"

namespace litesmith::rules {

bool fold_multiply(Editor& edit, size_t node) {
  const bool divides = edit.node(node).as<Div>() != nullptr;
  if (!divides && edit.node(node).as<Mul>() == nullptr) return false;
  const std::vector<ValueId> inputs = edit.node(node).inputs;
  const auto made_by = edit.producer(inputs.at(0));
  if (!made_by || !edit.read_once(inputs[0])) return false;
  const auto affine = as_affine(edit, *made_by);
  if (!affine || fused_activation(*edit.node(*made_by).op) != Activation::none) return false;
  const auto factors = per_channel_constant(edit, inputs[1], affine->channels);
  if (!factors ||
      !interchangeable(edit.value(inputs[0]), edit.value(edit.node(node).outputs.at(0)))) {
    return false;
  }
  auto scaled = [&](float value, size_t channel) {
    return divides ? value / (*factors)[channel] : value * (*factors)[channel];
  };
  const Value& old = edit.value(affine->weights);
  const Buffer weights =
      scaled_by_channel(*old.data, affine->in_a_row(old.shape), *factors, divides);
  std::optional<std::vector<float>> bias;
  if (affine->bias.valid()) {
    bias = bias_elements(edit, *affine);
    for (size_t c = 0; c < bias->size(); ++c) (*bias)[c] = scaled((*bias)[c], c);
  }
  std::vector<double> by_channel(factors->begin(), factors->end());
  if (divides) {
    for (double& factor : by_channel) factor = 1 / factor;
  }
  const Activation activation = fused_activation(*edit.node(node).op);
  edit.change(
      node, with_activation(*edit.node(*made_by).op, activation),
      operands_with(edit, *affine, weights, bias, learned_scales_times(edit, *affine, by_channel)));
  return true;
}

}  // namespace litesmith::rules
