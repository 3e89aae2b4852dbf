// An op whose inputs are all constant
//   becomes its result.
//
// Not where the result is larger than what it was made of (a DEQUANTIZE of float16 weights, a
// TILE): a file must not grow.
#include <algorithm>

#include "base/checked.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

// Shapes and the like may grow a little.
constexpr size_t kSmall = 64;

}  // namespace

bool fold_constants(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  size_t bytes_in = 0;
  for (const ValueId id : op.inputs) {
    if (!id.valid()) continue;
    if (!edit.value(id).is_constant()) return false;
    bytes_in += edit.value(id).data->size();
  }
  if (bytes_in == 0) return false;
  size_t bytes_out = 0;
  for (const ValueId id : op.outputs) {
    const Value& value = edit.value(id);
    if (edit.is_output(id) || !is_static(value.shape)) return false;
    const auto count = static_cast<size_t>(element_count(value.shape));
    bytes_out = checked_add(bytes_out, checked_mul(count, static_cast<size_t>(bits(value.dtype))));
  }
  if (bytes_out / 8 > std::max(bytes_in, kSmall)) return false;
  auto results = edit.evaluate(node);
  if (!results) return false;
  edit.make_constant(node, std::move(*results));
  return true;
}

}  // namespace litesmith::rules
