#include "ops/geometry.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "ops/inference.h"

namespace litesmith {

int64_t window_extent(int32_t window, int32_t dilation) {
  return (int64_t{window} - 1) * dilation + 1;
}

int32_t window_output(int32_t input, int32_t window, int32_t stride, int32_t dilation,
                      Padding padding) {
  if (input < 0) return kDynamic;
  if (padding == Padding::same) {
    return static_cast<int32_t>((int64_t{input} + stride - 1) / stride);
  }
  const int64_t extent = window_extent(window, dilation);
  const int64_t output = (int64_t{input} + stride - extent) / stride;
  if (output <= 0) {
    throw Error(ErrorCode::data, "a window of " + std::to_string(extent) +
                                     " does not fit into a dimension of " + std::to_string(input));
  }
  return static_cast<int32_t>(output);
}

int32_t window_padding_before(int32_t input, int32_t output, int32_t window, int32_t stride,
                              int32_t dilation) {
  const int64_t total =
      (int64_t{output} - 1) * stride + window_extent(window, dilation) - int64_t{input};
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  return static_cast<int32_t>(std::clamp<int64_t>(total, 0, kMost) / 2);
}

void require_window(const NodeView& node, std::initializer_list<int32_t> sizes) {
  constexpr int32_t kMost = 1 << 24;
  for (const int32_t size : sizes) {
    if (size < 1 || size > kMost) {
      refuse(node, "it has a stride, dilation or window of " + std::to_string(size));
    }
  }
}

Shape window_output_shape(const NodeView& node, const Shape& input, const Window2D& window,
                          Padding padding, int32_t channels) {
  require_window(node, {window.height, window.width, window.stride_h, window.stride_w,
                        window.dilation_h, window.dilation_w});
  return with_context(node.op.def().name, [&]() -> Shape {
    return {input[0],
            window_output(input[1], window.height, window.stride_h, window.dilation_h, padding),
            window_output(input[2], window.width, window.stride_w, window.dilation_w, padding),
            channels};
  });
}

}  // namespace litesmith
