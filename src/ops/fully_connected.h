// FULLY_CONNECTED: input [..., in], weights [out, in], optional bias [out].
#pragma once

#include "ir/op.h"

namespace litesmith {

struct FullyConnected : OpOf<FullyConnected> {
  Activation activation = Activation::none;
  WeightsFormat weights_format = WeightsFormat::standard;
  bool keep_num_dims = false;
  bool asymmetric_quantize_inputs = false;
  DType quantized_bias_type = DType::float32;  // float32 stands for "the usual one"

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "fused_activation_function", self.activation, Activation::none);
    visit(1, "weights_format", self.weights_format, WeightsFormat::standard);
    visit(2, "keep_num_dims", self.keep_num_dims, false);
    visit(3, "asymmetric_quantize_inputs", self.asymmetric_quantize_inputs, false);
    visit(4, "quantized_bias_type", self.quantized_bias_type, DType::float32);
  }
};

}  // namespace litesmith
