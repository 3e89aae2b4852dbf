// MUL(x, 1)
//   becomes x.
//
// So for DIV by 1, ADD of 0 and SUB of 0.
#include <algorithm>

#include "ops/binary.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool drop_neutral(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  const bool by_one = op.as<Mul>() != nullptr || op.as<Div>() != nullptr;
  if (!by_one && op.as<Add>() == nullptr && op.as<Sub>() == nullptr) return false;
  if (fused_activation(*op.op) != Activation::none) return false;
  const auto elements = float_constant(edit, op.inputs.at(1));
  if (!elements || elements->empty() || edit.value(op.inputs[0]).is_constant()) return false;
  const float neutral = by_one ? 1.0f : 0.0f;
  const bool all_neutral = std::all_of(elements->begin(), elements->end(),
                                       [&](float element) { return element == neutral; });
  return all_neutral && interchangeable(edit.value(op.inputs[0]), edit.value(op.outputs.at(0))) &&
         edit.replace(node, op.inputs[0]);
}

}  // namespace litesmith::rules
