// RELU(CONV_2D(x, w, b))
//   becomes CONV_2D(x, w, b) {RELU}.
//
// So for RELU6 and RELU_N1_TO_1, and for every op with a fused activation. TensorFlow also fuses
// into a dense layer that others read, and computes the layer twice; this rule does not.
#include <array>
#include <utility>

#include "ops/arrange.h"
#include "ops/unary.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

Activation as_fused(const Node& node) {
  static const std::array<std::pair<const OpDef*, Activation>, 3> table = {
      {{&Relu::definition(), Activation::relu},
       {&Relu6::definition(), Activation::relu6},
       {&ReluN1To1::definition(), Activation::relu_n1_to_1}}};
  for (const auto& [def, activation] : table) {
    if (&node.def() == def) return activation;
  }
  return Activation::none;
}

}  // namespace

bool fuse_activation(Editor& edit, size_t node) {
  const Activation activation = as_fused(edit.node(node));
  if (activation == Activation::none) return false;
  const ValueId x = edit.node(node).inputs.at(0);
  const auto made_by = edit.producer(x);
  if (!made_by || !edit.read_once(x) || !is_plain_float(edit.value(x))) return false;
  const Node& before = edit.node(*made_by);
  // CONCATENATION has the attribute, but no kernel of LiteRT's honours it.
  const bool fuses = before.def().activation != nullptr && before.as<Concatenation>() == nullptr;
  if (!fuses || fused_activation(*before.op) != Activation::none) return false;
  edit.change(node, with_activation(*before.op, activation), before.inputs);
  return true;
}

}  // namespace litesmith::rules
