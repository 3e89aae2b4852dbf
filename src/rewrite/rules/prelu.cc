// ADD(RELU(x), MUL(RELU(NEG(x)), -a))
//   becomes PRELU(x, a).
//
// How Keras writes a PReLU; a is a constant with the shape of one sample.
#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "ops/unary.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool prelu(Editor& edit, size_t node) {
  const Node& sum = edit.node(node);
  if (sum.as<Add>() == nullptr || fused_activation(*sum.op) != Activation::none) return false;
  const auto positive = edit.producer_as<Relu>(sum.inputs.at(0));
  const auto product = edit.producer_as<Mul>(sum.inputs.at(1));
  if (!positive || !product || !edit.read_once(sum.inputs[0]) || !edit.read_once(sum.inputs[1]) ||
      fused_activation(*edit.node(*product).op) != Activation::none) {
    return false;
  }
  const ValueId x = edit.node(*positive).inputs.at(0);
  const ValueId negative = edit.node(*product).inputs.at(0);
  const ValueId slope = edit.node(*product).inputs.at(1);
  const auto relu = edit.producer_as<Relu>(negative);
  if (!relu || !edit.read_once(negative)) return false;
  const ValueId negated = edit.node(*relu).inputs.at(0);
  const auto neg = edit.producer_as<Neg>(negated);
  const auto elements = float_constant(edit, slope);
  if (!neg || edit.node(*neg).inputs.at(0) != x || !edit.read_once(negated) || !elements ||
      edit.value(slope).shape.size() + 1 != edit.value(x).shape.size() ||
      !interchangeable(edit.value(x), edit.value(sum.outputs.at(0)))) {
    return false;
  }
  std::vector<float> alpha;
  for (const float element : *elements) alpha.push_back(-element);
  const ValueId constant =
      edit.add_constant(std::string(edit.value(slope).name), Shape(edit.value(slope).shape), alpha);
  edit.change(node, std::make_shared<Prelu>(), {x, constant});
  return true;
}

}  // namespace litesmith::rules
