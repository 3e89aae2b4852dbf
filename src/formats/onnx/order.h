// The order in which a tensor's dimensions lie in memory, carried with every tensor.
//
// ONNX computes on channels-first tensors, LiteRT on channels-last ones. Each imported tensor says
// which of its ONNX dimensions each stored dimension is, so that a Transpose is a change of that
// note alone and nothing is ever concluded from sizes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/buffer.h"
#include "ir/shape.h"

namespace litesmith::onnx {

// Stored dimension k is ONNX dimension order[k].
using Order = std::vector<int32_t>;

Order plain_order(size_t rank);
// 0, 2, ..., rank - 1, 1: NCHW is stored as NHWC.
Order channels_last(size_t rank);
bool is_plain(const Order& order);
// The shape that a tensor of this ONNX shape has in memory.
Shape stored_shape(const Shape& shape, const Order& order);
// Where ONNX dimension `axis` is stored.
int32_t stored_axis(const Order& order, int32_t axis);
// The order left when the ONNX dimensions marked in `removed` go.
Order without(const Order& order, const std::vector<bool>& removed);
// What TRANSPOSE needs to turn one order into the other.
std::vector<int32_t> permutation(const Order& from, const Order& to);
// True when the permutation of a shape moves dimensions of one element only, so that no byte moves.
bool keeps_bytes(const Shape& shape, std::span<const int32_t> permutation);

}  // namespace litesmith::onnx
