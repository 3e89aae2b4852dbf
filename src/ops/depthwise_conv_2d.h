// DEPTHWISE_CONV_2D: input NHWC, filter [1, H, W, C * depth_multiplier], optional bias; output
// channel = input channel * depth_multiplier + m.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct DepthwiseConv2D : OpOf<DepthwiseConv2D> {
  Padding padding = Padding::same;
  int32_t stride_w = 1;
  int32_t stride_h = 1;
  int32_t depth_multiplier = 1;
  Activation activation = Activation::none;
  int32_t dilation_w = 1;
  int32_t dilation_h = 1;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "padding", self.padding, Padding::same);
    visit(1, "stride_w", self.stride_w, 0);
    visit(2, "stride_h", self.stride_h, 0);
    visit(3, "depth_multiplier", self.depth_multiplier, 0);
    visit(4, "fused_activation_function", self.activation, Activation::none);
    visit(5, "dilation_w_factor", self.dilation_w, 1);
    visit(6, "dilation_h_factor", self.dilation_h, 1);
  }
};

}  // namespace litesmith
