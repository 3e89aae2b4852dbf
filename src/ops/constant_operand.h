// Reading the small int32 constants that tell an op a shape, an axis or a permutation.
#pragma once

#include <span>

#include "base/error.h"
#include "ir/graph.h"

namespace litesmith {

// Operand `index` as int32 elements; throws when it is computed, absent or of another type.
inline std::span<const int32_t> constant_int32(const NodeView& node, size_t index) {
  const Value& value = node.input(index);
  if (!value.is_constant() || value.dtype != DType::int32) {
    throw Error(ErrorCode::unsupported, std::string(node.op.def().name) + ": operand " +
                                            std::to_string(index) + " '" + value.name +
                                            "' is no int32 constant");
  }
  return value.elements<int32_t>();
}

}  // namespace litesmith
