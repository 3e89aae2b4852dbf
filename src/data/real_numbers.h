// Between real numbers and the integers of a quantized tensor, as LiteRT's reference QUANTIZE and
// DEQUANTIZE do it (reference/quantize.h, reference/dequantize.h).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ir/graph.h"

namespace litesmith {

// Integer types that a tensor with scale and zero point may have at a model's edge.
bool is_quantized_integer(const Value& value);

// round(x / scale) + zero point, halves away from zero, saturated to the tensor's type. `out` holds
// as many elements as `values`.
void quantize_values(const Value& tensor, std::span<const float> values, std::span<std::byte> out);

// Any tensor of numbers as float32, read with its own scale and zero point when it has them.
// Throws Error(unsupported) for other types.
void real_values(const Value& tensor, std::span<const std::byte> bytes, std::span<float> out);

// What NumPy on x86-64 makes of x.astype(type): truncated to int32 (outside of it: -2^31, as
// the processor's cvttss2si gives), then the low bits. For integer types of at most 32 bits.
void cast_like_numpy(DType type, std::span<const float> values, std::span<std::byte> out);

}  // namespace litesmith
