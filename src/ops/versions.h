// The questions that operator version rules ask of a node (reference/litert.md, 1.6; LiteRT
// converter/tools/versioning/op_version.cc). Of several rules for one op the first that holds wins.
#pragma once

#include <algorithm>

#include "ir/graph.h"

namespace litesmith {

inline bool has_dtype(const NodeView& node, size_t input, DType dtype) {
  const Value* value = node.optional_input(input);
  return value != nullptr && value->dtype == dtype;
}
inline bool makes_dtype(const NodeView& node, size_t output, DType dtype) {
  return node.outputs.at(output)->dtype == dtype;
}

inline bool is_float8(const NodeView& node, size_t input) {
  return has_dtype(node, input, DType::float8_e4m3fn) || has_dtype(node, input, DType::float8_e5m2);
}

// Version 3 for int16, 2 for int8, 1 otherwise, by the first input: the commonest rule.
inline int version_8_2_16_3(const NodeView& node) {
  if (has_dtype(node, 0, DType::int16)) return 3;
  return has_dtype(node, 0, DType::int8) ? 2 : 1;
}
inline int version_8_2(const NodeView& node) { return has_dtype(node, 0, DType::int8) ? 2 : 1; }
// Version 2 for int8 and int16.
inline int version_8_16_2(const NodeView& node) {
  return has_dtype(node, 0, DType::int8) || has_dtype(node, 0, DType::int16) ? 2 : 1;
}
inline int version_1(const NodeView&) { return 1; }

// Input, weights and output of these types.
inline bool computes(const NodeView& node, DType input, DType weights, DType output) {
  return has_dtype(node, 0, input) && has_dtype(node, 1, weights) && makes_dtype(node, 0, output);
}
// Float activations with int8 weights in operand 1.
inline bool is_hybrid(const NodeView& node) {
  return computes(node, DType::float32, DType::int8, DType::float32);
}

// A scale for each slice along `dimension`. The converter counts them: with one slice, one scale
// is "per channel" too.
inline bool has_scale_per_slice(const Value& value, size_t dimension) {
  return value.quantization.present() && dimension < value.shape.size() &&
         value.quantization.scale.size() == static_cast<size_t>(value.shape[dimension]);
}

// What LiteRT sees of a shape when it chooses a version: files store 1 for a dynamic dimension.
inline Shape stored_shape(const Value& value) { return with_dynamic_as(value.shape, 1); }

inline bool broadcasts_beyond_rank_4(const NodeView& node) {
  const Value& a = node.input(0);
  const Value& b = node.input(1);
  return stored_shape(a) != stored_shape(b) && std::max(a.shape.size(), b.shape.size()) > 4;
}

}  // namespace litesmith
