// SHAPE(x), where x has a fixed shape
//   becomes that shape.
#include "ops/shape_and_cast.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool fold_shape(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  if (op.as<ShapeOf>() == nullptr) return false;
  const Shape& shape = edit.value(op.inputs.at(0)).shape;
  const ValueId output = op.outputs.at(0);
  if (!is_static(shape) || edit.is_output(output)) return false;
  if (edit.value(output).dtype == DType::int32) {
    edit.make_constant(node, {Buffer::of(shape)});
  } else {
    edit.make_constant(node, {Buffer::of(std::vector<int64_t>(shape.begin(), shape.end()))});
  }
  return true;
}

}  // namespace litesmith::rules
