// SQUEEZE(x)
//   becomes RESHAPE(x, [its shape]).
//
// So for EXPAND_DIMS, where its shape is fixed. One op for all changes of shape, so that they
// merge.
#include <algorithm>

#include "ops/reshape.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool squeeze_to_reshape(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  const bool squeezes = op.as<Squeeze>() != nullptr;
  if (!squeezes && op.as<ExpandDims>() == nullptr) return false;
  const Value& output = edit.value(op.outputs.at(0));
  // A target may leave one dimension open; TensorFlow does so for SQUEEZE only.
  if (std::count(output.shape.begin(), output.shape.end(), kDynamic) > (squeezes ? 1 : 0)) {
    return false;
  }
  if (output.shape.empty()) return false;
  const ValueId target =
      edit.add_constant(output.name + "/shape", {static_cast<int32_t>(output.shape.size())},
                        std::vector<int32_t>(output.shape));
  edit.change(node, std::make_shared<Reshape>(), {edit.node(node).inputs[0], target});
  return true;
}

}  // namespace litesmith::rules
