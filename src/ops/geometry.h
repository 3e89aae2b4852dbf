// The window arithmetic that convolution and pooling share (reference/litert.md, 3.2; the same as
// TensorFlow's).
#pragma once

#include <cstdint>

#include "ir/op.h"

namespace litesmith {

// Output size of a window sliding over `input` (kDynamic stays kDynamic).
int32_t window_output(int32_t input, int32_t window, int32_t stride, int32_t dilation,
                      Padding padding);

// Padding in front of the input; the extra one of an odd total goes behind.
int32_t window_padding_before(int32_t input, int32_t output, int32_t window, int32_t stride,
                              int32_t dilation);

// True when all are positive; throws Error(format) naming the op otherwise.
void require_positive(std::string_view op, std::initializer_list<int32_t> sizes);

}  // namespace litesmith
