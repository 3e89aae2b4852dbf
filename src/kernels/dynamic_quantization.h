// Hybrid layers: float activations are quantized as they come, multiplied with int8 weights in
// integers, and brought back to float.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "kernels/scale_order.h"

namespace litesmith::kernels {

// How activations are quantized.
enum class DynamicScheme {
  symmetric,   // LiteRT's SymmetricQuantizeFloats: +-127, no zero point
  asymmetric,  // LiteRT's AsymmetricQuantizeFloats
  xnnpack,     // XNNPACK's qd8 (xnnpack/quantization.h): float arithmetic, ties to even
};

struct DynamicAffine {
  float scale = 1;
  int32_t zero_point = 0;
  friend bool operator==(DynamicAffine, DynamicAffine) = default;
};

// Quantizes `values` to int8 by their own range; real = scale * (quantized - zero_point).
DynamicAffine quantize_dynamically(DynamicScheme scheme, std::span<const float> values,
                                   int8_t* quantized);

// What an accumulator of a hybrid layer stands for.
inline float to_real(ScaleOrder order, int32_t acc, float weight_scale, float input_scale,
                     float bias) {
  const auto value = static_cast<float>(acc);
  switch (order) {
    case ScaleOrder::weights_first:
      return (value * weight_scale) * input_scale + bias;
    case ScaleOrder::input_first:
      return (value * input_scale) * weight_scale + bias;
    case ScaleOrder::scales_first:
      return value * (weight_scale * input_scale) + bias;
    case ScaleOrder::fused:
      break;
  }
  return std::fma(value * input_scale, weight_scale, bias);
}

}  // namespace litesmith::kernels
