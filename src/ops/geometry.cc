#include "ops/geometry.h"

#include <algorithm>

#include "base/error.h"

namespace litesmith {

int32_t window_output(int32_t input, int32_t window, int32_t stride, int32_t dilation,
                      Padding padding) {
  if (input < 0) return kDynamic;
  if (padding == Padding::same) return (input + stride - 1) / stride;
  const int64_t extent = int64_t{window - 1} * dilation + 1;
  const int64_t output = (input + stride - extent) / stride;
  if (output <= 0) {
    throw Error(ErrorCode::data, "a window of " + std::to_string(extent) +
                                     " does not fit into a dimension of " + std::to_string(input));
  }
  return static_cast<int32_t>(output);
}

int32_t window_padding_before(int32_t input, int32_t output, int32_t window, int32_t stride,
                              int32_t dilation) {
  const int32_t extent = (window - 1) * dilation + 1;
  return std::max(0, (output - 1) * stride + extent - input) / 2;
}

void require_positive(std::string_view op, std::initializer_list<int32_t> sizes) {
  for (const int32_t size : sizes) {
    // The upper bound keeps (window - 1) * dilation and the like inside 32 bits.
    if (size <= 0 || size > 1 << 14) {
      throw Error(ErrorCode::format,
                  std::string(op) + " has a stride, dilation or window of " + std::to_string(size));
    }
  }
}

}  // namespace litesmith
