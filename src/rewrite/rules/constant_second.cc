// ADD(c, x)
//   becomes ADD(x, c).
//
// So for every op whose operands commute: other rules look for the constant in one place only.
#include <algorithm>
#include <array>

#include "ops/binary.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool constant_second(Editor& edit, size_t node) {
  static const std::array<const OpDef*, 4> commute = {
      &Add::definition(), &Mul::definition(), &Maximum::definition(), &Minimum::definition()};
  const Node& op = edit.node(node);
  if (std::find(commute.begin(), commute.end(), &op.def()) == commute.end()) return false;
  const ValueId first = op.inputs.at(0);
  const ValueId second = op.inputs.at(1);
  if (!edit.value(first).is_constant() || edit.value(second).is_constant()) return false;
  edit.change(node, op.op, {second, first});
  return true;
}

}  // namespace litesmith::rules
