// CONV_3D: a window slides over depth, height and width. CONV_3D_TRANSPOSE: every input place
// spreads the filter over the output.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct Window3D {
  Padding padding = Padding::same;
  int32_t stride_d = 0;
  int32_t stride_w = 0;
  int32_t stride_h = 0;
  Activation activation = Activation::none;
  int32_t dilation_d = 1;
  int32_t dilation_w = 1;
  int32_t dilation_h = 1;

  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "padding", self.padding, Padding::same);
    visit(1, "stride_d", self.stride_d, 0);
    visit(2, "stride_w", self.stride_w, 0);
    visit(3, "stride_h", self.stride_h, 0);
    visit(4, "fused_activation_function", self.activation, Activation::none);
    visit(5, "dilation_d_factor", self.dilation_d, 1);
    visit(6, "dilation_w_factor", self.dilation_w, 1);
    visit(7, "dilation_h_factor", self.dilation_h, 1);
  }
};

// Operand 0 is the input [n, d, h, w, in], 1 the filter [d, h, w, in, out], 2 the bias, which may
// be absent.
struct Conv3D : Window3D, OpOf<Conv3D> {
  using Window3D::attributes;
  static const OpDef& definition();
};

// Operand 0 is the output's shape, 1 the filter [d, h, w, out, in], 2 the input [n, d, h, w, in], 3
// the bias, which may be absent.
struct Conv3DTranspose : Window3D, OpOf<Conv3DTranspose> {
  using Window3D::attributes;
  static const OpDef& definition();
};

}  // namespace litesmith
