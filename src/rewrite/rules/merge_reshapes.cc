// RESHAPE(RESHAPE(x, s), t)
//   becomes RESHAPE(x, t).
#include "ops/reshape.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool merge_reshapes(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  if (op.as<Reshape>() == nullptr) return false;
  const auto before = edit.producer_as<Reshape>(op.inputs.at(0));
  if (!before) return false;
  std::vector<ValueId> inputs = op.inputs;
  inputs[0] = edit.node(*before).inputs.at(0);
  edit.change(node, op.op, std::move(inputs));
  return true;
}

}  // namespace litesmith::rules
