// TRANSPOSE_CONV: every input pixel spreads the filter over the output.
//
// Operand 0 is the output's shape, 1 the filter [out, h, w, in], 2 the input, 3 the bias, which may
// be absent.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct TransposeConv : OpOf<TransposeConv> {
  Padding padding = Padding::same;
  int32_t stride_w = 0;
  int32_t stride_h = 0;
  Activation activation = Activation::none;
  DType quantized_bias_type = DType::float32;  // float32 stands for int64 sums of int16

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "padding", self.padding, Padding::same);
    visit(1, "stride_w", self.stride_w, 0);
    visit(2, "stride_h", self.stride_h, 0);
    visit(3, "fused_activation_function", self.activation, Activation::none);
    visit(4, "quantized_bias_type", self.quantized_bias_type, DType::float32);
  }
};

}  // namespace litesmith
