// Tensor shapes: one int32 a dimension, -1 where a dimension is known only when the model runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace litesmith {

using Shape = std::vector<int32_t>;

inline constexpr int32_t kDynamic = -1;

bool is_static(const Shape& shape);
// The number of elements, 0 as soon as one dimension is 0; throws Error(data) for a dynamic or
// negative dimension or an overflow.
int64_t element_count(const Shape& shape);
// The same shape with `value` in place of every dynamic dimension.
Shape with_dynamic_as(const Shape& shape, int32_t value);
// "[1, 50, 13, 1]", with "?" for a dynamic dimension.
std::string to_string(const Shape& shape);
// NumPy's broadcasting of two shapes; throws Error(data) when they do not fit.
Shape broadcast(const Shape& a, const Shape& b);
// `axis` counted from the front; throws Error(data) when outside [-rank, rank).
int normalize_axis(int axis, size_t rank);

}  // namespace litesmith
