// RESHAPE(x, PACK(STRIDED_SLICE(SHAPE(x), 0), 704))
//   becomes RESHAPE(x, [-1, 704]).
//
// For any target of which all elements but one are known: the count of elements tells that one.
// Keras 3.11 and later compute a Flatten's target from the batch size, and TensorFlow keeps it so.
#include <algorithm>

#include "ops/reshape.h"
#include "rewrite/known_elements.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool reshape_by_count(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  if (op.as<Reshape>() == nullptr || op.inputs.size() < 2 || !op.inputs[1].valid()) return false;
  const ValueId shape = op.inputs[1];
  if (edit.value(shape).is_constant() || edit.value(shape).dtype != DType::int32) return false;
  const auto elements = known_elements(edit, shape);
  if (!elements) return false;
  const auto unknown = std::count(elements->begin(), elements->end(), std::nullopt);
  const bool sizes = std::all_of(elements->begin(), elements->end(), [](const auto& element) {
    return !element.has_value() || *element > 0;
  });
  if (unknown > 1 || !sizes) return false;
  std::vector<int32_t> target;
  for (const auto& element : *elements) target.push_back(element.value_or(-1));
  const ValueId constant = edit.add_constant(std::string(edit.value(shape).name),
                                             {static_cast<int32_t>(target.size())}, target);
  edit.change(node, edit.node(node).op, {edit.node(node).inputs[0], constant});
  return true;
}

}  // namespace litesmith::rules
