// The loops of dynamic_quantization.h again, so that they vectorize.
#include "kernels/multi_isa/kernels.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// Steps from zero, the fraction cut off, with the zero point and within [least, 127].
[[gnu::always_inline]] inline int8_t code(float steps, int32_t zero_point, int32_t least) {
  constexpr float bound = 0x1p30F;
  steps = steps > -bound ? steps : -bound;
  steps = steps < bound ? steps : bound;
  int32_t q = static_cast<int32_t>(steps) + zero_point;
  q = q < least ? least : q;
  return static_cast<int8_t>(q > 127 ? 127 : q);
}

void round_as_litert(float inverse_scale, int32_t zero_point, int32_t least, const float* values,
                     int64_t count, int8_t* quantized) {
  const int64_t grouped = count / 8 * 8;
  for (int64_t i = 0; i < grouped; ++i) {
    const float x = values[i] * inverse_scale;
    quantized[i] = code(x + (x < 0 ? -0.5F : 0.5F), zero_point, least);
  }
  for (int64_t i = grouped; i < count; ++i) {
    quantized[i] = code(__builtin_roundf(values[i] * inverse_scale), zero_point, least);
  }
}

void round_half_even(float inverse_scale, int32_t zero_point, const float* values, int64_t count,
                     int8_t* quantized) {
  const auto least = static_cast<float>(-128 - zero_point);
  const auto most = static_cast<float>(127 - zero_point);
  for (int64_t i = 0; i < count; ++i) {
    float x = values[i] * inverse_scale;
    x = x > least ? x : least;
    x = x < most ? x : most;
    // A sum of this size has no fraction left: it is rounded as it is formed.
    const int32_t steps = __builtin_bit_cast(int32_t, x + 0x1.8p23F) - 0x4b400000;
    quantized[i] = static_cast<int8_t>(steps + zero_point);
  }
}

}  // namespace

const DynamicLoops dynamic_loops = {extremes, round_as_litert, round_half_even};

}  // namespace litesmith::kernels::LITESMITH_ISA
