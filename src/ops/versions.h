// The questions that operator version rules ask of a node (reference/litert.md, 1.6).
#pragma once

#include "ir/graph.h"

namespace litesmith {

inline bool has_dtype(const NodeView& node, size_t input, DType dtype) {
  const Value* value = node.optional_input(input);
  return value != nullptr && value->dtype == dtype;
}

// Version 3 for int16, 2 for int8, 1 otherwise, by the first input: the commonest rule.
inline int version_8_2_16_3(const NodeView& node) {
  if (has_dtype(node, 0, DType::int16)) return 3;
  return has_dtype(node, 0, DType::int8) ? 2 : 1;
}
inline int version_8_2(const NodeView& node) { return has_dtype(node, 0, DType::int8) ? 2 : 1; }
inline int version_1(const NodeView&) { return 1; }

// Float activations with int8 weights in operand 1.
inline bool is_hybrid(const NodeView& node) {
  return has_dtype(node, 0, DType::float32) && has_dtype(node, 1, DType::int8);
}

}  // namespace litesmith
