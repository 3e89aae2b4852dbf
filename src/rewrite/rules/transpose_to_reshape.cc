// TRANSPOSE(x, p), where only dimensions of 1 change their place
//   becomes RESHAPE(x, [its shape]).
#include "ops/arrange.h"
#include "ops/reshape.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool transpose_to_reshape(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  if (op.as<Transpose>() == nullptr) return false;
  const Shape& shape = edit.value(op.inputs.at(0)).shape;
  const auto permutation = int32_constant(edit, op.inputs.at(1));
  if (!permutation || !is_static(shape)) return false;
  int last = -1;
  for (const int32_t from : *permutation) {
    const int axis = normalize_axis(from, shape.size());
    if (shape[static_cast<size_t>(axis)] == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  const Value& output = edit.value(op.outputs.at(0));
  const ValueId target =
      edit.add_constant(output.name + "/shape", {static_cast<int32_t>(output.shape.size())},
                        std::vector<int32_t>(output.shape));
  edit.change(node, std::make_shared<Reshape>(), {edit.node(node).inputs[0], target});
  return true;
}

}  // namespace litesmith::rules
