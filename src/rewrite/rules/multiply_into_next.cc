// CONV_2D(MUL(x, k), w, b), where k is a number
//   becomes CONV_2D(x, w * k, b).
//
// So for DIV and for the other ops with weights; for a dense layer k may also have one value an
// input (a batch norm before it). Padding stays zero under a multiplication, so any padding will
// do.
#include "ops/binary.h"
#include "ops/fully_connected.h"
#include "rewrite/affine.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool multiply_into_next(Editor& edit, size_t node) {
  const auto affine = as_affine(edit, node);
  if (!affine) return false;
  const ValueId between = edit.node(node).inputs.at(affine->input_operand);
  const auto before = edit.producer(between);
  if (!before) return false;
  const Node& scaling = edit.node(*before);
  const bool divides = scaling.as<Div>() != nullptr;
  if ((!divides && scaling.as<Mul>() == nullptr) ||
      fused_activation(*scaling.op) != Activation::none) {
    return false;
  }
  const ValueId x = scaling.inputs.at(0);
  const auto factors = float_constant(edit, scaling.inputs.at(1));
  if (!factors || edit.value(x).is_constant() ||
      !interchangeable(edit.value(x), edit.value(between))) {
    return false;
  }
  const auto old = edit.value(affine->weights).elements<float>();
  std::vector<float> weights(old.size());
  std::vector<double> scales;
  if (factors->size() == 1) {
    const float factor = (*factors)[0];
    const std::vector<double> all(affine->channels, divides ? 1.0 / factor : factor);
    scales = learned_scales_times(edit, *affine, all);
    for (size_t i = 0; i < old.size(); ++i)
      weights[i] = divides ? old[i] / factor : old[i] * factor;
  } else {
    // One factor an input of a dense layer, whose weights have the inputs last.
    const size_t inputs = factors->size();
    const bool fits = edit.node(node).as<FullyConnected>() != nullptr && !divides &&
                      edit.value(scaling.inputs[1]).shape.size() == 1 &&
                      static_cast<size_t>(edit.value(affine->weights).shape.back()) == inputs;
    if (!fits) return false;
    for (size_t i = 0; i < old.size(); ++i) weights[i] = old[i] * (*factors)[i % inputs];
  }
  std::vector<ValueId> operands = operands_with(edit, *affine, Buffer::take(std::move(weights)),
                                                std::nullopt, std::move(scales));
  operands[affine->input_operand] = x;
  edit.change(node, edit.node(node).op, std::move(operands));
  return true;
}

}  // namespace litesmith::rules
