// CONV_2D: input NHWC, filter OHWI, optional bias [O]. A filter with fewer input channels than the
// input has is grouped.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct Conv2D : OpOf<Conv2D> {
  Padding padding = Padding::same;
  int32_t stride_w = 1;
  int32_t stride_h = 1;
  Activation activation = Activation::none;
  int32_t dilation_w = 1;
  int32_t dilation_h = 1;
  DType quantized_bias_type = DType::float32;  // float32 stands for "the usual one"

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "padding", self.padding, Padding::same);
    visit(1, "stride_w", self.stride_w, 0);
    visit(2, "stride_h", self.stride_h, 0);
    visit(3, "fused_activation_function", self.activation, Activation::none);
    visit(4, "dilation_w_factor", self.dilation_w, 1);
    visit(5, "dilation_h_factor", self.dilation_h, 1);
    visit(6, "quantized_bias_type", self.quantized_bias_type, DType::float32);
  }
};

}  // namespace litesmith
