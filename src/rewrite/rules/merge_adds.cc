// ADD(ADD(x, a), b)
//   becomes ADD(x, a + b).
//
// a and b are constants of one shape, or one of them has one element.
#include <algorithm>

#include "ops/binary.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool merge_adds(Editor& edit, size_t node) {
  const auto* sum = edit.node(node).as<Add>();
  if (sum == nullptr) return false;
  const ValueId between = edit.node(node).inputs.at(0);
  const auto before = edit.producer_as<Add>(between);
  if (!before || !edit.read_once(between) ||
      fused_activation(*edit.node(*before).op) != Activation::none) {
    return false;
  }
  const ValueId x = edit.node(*before).inputs.at(0);
  ValueId a = edit.node(*before).inputs.at(1);
  ValueId b = edit.node(node).inputs.at(1);
  if (!float_constant(edit, a) || !float_constant(edit, b) || edit.value(x).is_constant()) {
    return false;
  }
  if (float_constant(edit, a)->size() < float_constant(edit, b)->size()) std::swap(a, b);
  const auto many = *float_constant(edit, a);
  const auto few = *float_constant(edit, b);
  if (few.size() != 1 && edit.value(a).shape != edit.value(b).shape) return false;
  if (edit.value(a).shape.size() < edit.value(b).shape.size()) return false;
  std::vector<float> total;
  for (size_t i = 0; i < many.size(); ++i) {
    total.push_back(many[i] + (few.size() == 1 ? few[0] : few[i]));
  }
  const ValueId constant =
      edit.add_constant(std::string(edit.value(a).name), Shape(edit.value(a).shape), total);
  edit.change(node, edit.node(node).op, {x, constant});
  return true;
}

}  // namespace litesmith::rules
