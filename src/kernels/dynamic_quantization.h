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

// What is done to every value, compiled once for each instruction set (kernel_set.h): the results
// do not depend on the set.
struct DynamicLoops {
  // As ElementKernels has it.
  bool (*extremes)(const float* values, int64_t count, float* min, float* max);
  // quantized = rounded(value * inverse_scale) + zero_point, within [least, 127].
  void (*round_as_litert)(float inverse_scale, int32_t zero_point, int32_t least,
                          const float* values, int64_t count, int8_t* quantized);
  // Halves to even; within int8, NaN to its lowest.
  void (*round_half_even)(float inverse_scale, int32_t zero_point, const float* values,
                          int64_t count, int8_t* quantized);
};

// Quantizes `values` to int8 by their own range; real = scale * (quantized - zero_point).
DynamicAffine quantize_dynamically(const DynamicLoops& loops, DynamicScheme scheme,
                                   std::span<const float> values, int8_t* quantized);

// The same in plain loops: their definition, and enough for short rows.
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
