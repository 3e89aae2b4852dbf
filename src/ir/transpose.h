// Constants with their dimensions in another order.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

#include "ir/buffer.h"
#include "ir/shape.h"

namespace litesmith {

// `data` holds elements of 1, 2, 4 or 8 bytes (`element`) of this shape; the result's dimension i
// is dimension permutation[i]. It is made when it is read, unless the order of the bytes stays. Of
// floats, `largest_magnitude` bounds the elements where the caller knows it.
Buffer transposed(const Buffer& data, size_t element, const Shape& shape,
                  std::span<const int32_t> permutation,
                  float largest_magnitude = std::numeric_limits<float>::infinity());

}  // namespace litesmith
