// ADD(CONV_2D(x, w, b), c)
//   becomes CONV_2D(x, w, b + c).
//
// c is a constant with one value a channel, or one for all; so for SUB, and for every op with
// weights and a bias. Takes in a layer's bias and the addition half of a batch norm.
#include "ops/binary.h"
#include "rewrite/affine.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool fold_add(Editor& edit, size_t node) {
  const bool subtracts = edit.node(node).as<Sub>() != nullptr;
  if (!subtracts && edit.node(node).as<Add>() == nullptr) return false;
  const std::vector<ValueId> inputs = edit.node(node).inputs;
  const auto made_by = edit.producer(inputs.at(0));
  if (!made_by || !edit.read_once(inputs[0])) return false;
  const auto affine = as_affine(edit, *made_by);
  if (!affine || fused_activation(*edit.node(*made_by).op) != Activation::none) return false;
  const auto terms = per_channel_constant(edit, inputs[1], affine->channels);
  if (!terms ||
      !interchangeable(edit.value(inputs[0]), edit.value(edit.node(node).outputs.at(0)))) {
    return false;
  }
  std::vector<float> bias = bias_elements(edit, *affine);
  for (size_t c = 0; c < bias.size(); ++c) {
    bias[c] = subtracts ? bias[c] - (*terms)[c] : bias[c] + (*terms)[c];
  }
  const Activation activation = fused_activation(*edit.node(node).op);
  edit.change(node, with_activation(*edit.node(*made_by).op, activation),
              operands_with(edit, *affine, std::nullopt, bias));
  return true;
}

}  // namespace litesmith::rules
