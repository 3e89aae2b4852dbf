// The window arithmetic that convolution and pooling share (reference/litert.md, 3.2; the same as
// TensorFlow's).
#pragma once

#include <cstdint>
#include <initializer_list>

#include "ir/op.h"

namespace litesmith {

// How many input positions a window of `window` taps covers.
int64_t window_extent(int32_t window, int32_t dilation);

// Output size of a window sliding over `input` (kDynamic stays kDynamic).
int32_t window_output(int32_t input, int32_t window, int32_t stride, int32_t dilation,
                      Padding padding);

// Padding in front of the input; the extra one of an odd total goes behind.
int32_t window_padding_before(int32_t input, int32_t output, int32_t window, int32_t stride,
                              int32_t dilation);

// Throws Error(data) unless all are strides, dilations or windows that can be: at least 1, and not
// so large that products of two leave 64 bits.
void require_window(const NodeView& node, std::initializer_list<int32_t> sizes);

// The width and height of a window as it lies over NHWC data.
struct Window2D {
  int32_t height;
  int32_t width;
  int32_t stride_h;
  int32_t stride_w;
  int32_t dilation_h = 1;
  int32_t dilation_w = 1;
};

// The shape of `channels` channels made by sliding a window over an input [n, h, w, c]; throws when
// the window cannot be or does not fit.
Shape window_output_shape(const NodeView& node, const Shape& input, const Window2D& window,
                          Padding padding, int32_t channels);

}  // namespace litesmith
