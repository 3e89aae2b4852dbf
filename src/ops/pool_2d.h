// AVERAGE_POOL_2D and MAX_POOL_2D over NHWC. Averages leave padding out of the divisor.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct Pool2D {
  Padding padding = Padding::valid;
  int32_t stride_w = 1;
  int32_t stride_h = 1;
  int32_t filter_width = 1;
  int32_t filter_height = 1;
  Activation activation = Activation::none;

  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "padding", self.padding, Padding::same);
    visit(1, "stride_w", self.stride_w, 0);
    visit(2, "stride_h", self.stride_h, 0);
    visit(3, "filter_width", self.filter_width, 0);
    visit(4, "filter_height", self.filter_height, 0);
    visit(5, "fused_activation_function", self.activation, Activation::none);
  }
};

struct AveragePool2D : Pool2D, OpOf<AveragePool2D> {
  using Pool2D::attributes;
  static const OpDef& definition();
};

struct MaxPool2D : Pool2D, OpOf<MaxPool2D> {
  using Pool2D::attributes;
  static const OpDef& definition();
};

}  // namespace litesmith
