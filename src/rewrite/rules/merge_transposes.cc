// TRANSPOSE(TRANSPOSE(x, p), q)
//   becomes TRANSPOSE(x, p by q).
#include "ops/arrange.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool merge_transposes(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  if (op.as<Transpose>() == nullptr) return false;
  const ValueId between = op.inputs.at(0);
  const auto before = edit.producer_as<Transpose>(between);
  if (!before || !edit.read_once(between)) return false;
  const auto first = int32_constant(edit, edit.node(*before).inputs.at(1));
  const auto second = int32_constant(edit, op.inputs.at(1));
  if (!first || !second || first->size() != second->size()) return false;
  const size_t rank = first->size();
  std::vector<int32_t> both;
  for (const int32_t axis : *second) {
    const int through = normalize_axis(axis, rank);
    both.push_back(normalize_axis((*first)[static_cast<size_t>(through)], rank));
  }
  const ValueId permutation = edit.add_constant(std::string(edit.value(op.inputs[1]).name),
                                                {static_cast<int32_t>(rank)}, both);
  edit.change(node, edit.node(node).op, {edit.node(*before).inputs[0], permutation});
  return true;
}

}  // namespace litesmith::rules
