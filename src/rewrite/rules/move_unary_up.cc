// RELU(RESHAPE(x, s))
//   becomes RESHAPE(RELU(x), s).
//
// So for every op that maps elements one by one behind an op that only moves them: the activation
// meets the layer it can be fused into. The moved tensor must have no other reader.
#include <algorithm>
#include <array>

#include "ops/arrange.h"
#include "ops/reshape.h"
#include "ops/unary.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

bool maps_elements(const OpDef& def) {
  static const std::array<const OpDef*, 9> ops = {
      &Exp::definition(),    &Neg::definition(),  &Relu::definition(),
      &Relu6::definition(),  &Tanh::definition(), &ReluN1To1::definition(),
      &Square::definition(), &Sqrt::definition(), &Logistic::definition()};
  return std::find(ops.begin(), ops.end(), &def) != ops.end();
}

bool only_moves(const OpDef& def) {
  static const std::array<const OpDef*, 4> ops = {&Reshape::definition(), &Squeeze::definition(),
                                                  &ExpandDims::definition(),
                                                  &Transpose::definition()};
  return std::find(ops.begin(), ops.end(), &def) != ops.end();
}

}  // namespace

bool move_unary_up(Editor& edit, size_t node) {
  if (!maps_elements(edit.node(node).def())) return false;
  const ValueId between = edit.node(node).inputs.at(0);
  const auto before = edit.producer(between);
  if (!before || !only_moves(edit.node(*before).def()) || !edit.read_once(between)) return false;
  if (!is_plain_float(edit.value(between))) return false;
  const auto map = edit.node(node).op;
  const auto move = edit.node(*before).op;
  std::vector<ValueId> moved = edit.node(*before).inputs;
  const ValueId x = moved.at(0);
  moved[0] = between;
  // In this order: a value nobody reads for a moment would be taken out with what makes it.
  edit.change(node, move, std::move(moved));
  edit.change(*before, map, {x});
  edit.restate(between, Shape(edit.value(x).shape));
  return true;
}

}  // namespace litesmith::rules
