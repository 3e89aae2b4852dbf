// RELU and its family, LEAKY_RELU, PRELU, HARD_SWISH and ABS of quantized tensors
// (LiteRT kernels/activations.cc and elementwise.cc; XNNPACK qs8-vlrelu).
#pragma once

#include <cstdint>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {

struct Rescale {
  int32_t zero_point_in = 0;
  int32_t zero_point_out = 0;
  int32_t min = 0;
  int32_t max = 0;
};

// The input at the output's scale, clamped: all that a quantized ReLU is.
struct Relu : Rescale {
  Multiplier multiplier;
};
template <class T>
void relu(const Relu& relu, const T* in, T* out, int64_t count);

struct LeakyRelu : Rescale {
  Multiplier positive;
  Multiplier negative;  // may be a negative number
  // Whether a negative slope multiplies by its magnitude and changes the sign afterwards. Only the
  // optimized int16 kernel does not.
  bool by_magnitude = true;
};
template <class T>
void leaky_relu(const LeakyRelu& leaky, const T* in, T* out, int64_t count);

// Multipliers in steps of 1/256.
struct XnnpackLeakyRelu : Rescale {
  int32_t positive = 0;
  int32_t negative = 0;
};
template <class T>
void leaky_relu(const XnnpackLeakyRelu& leaky, const T* in, T* out, int64_t count);

struct Prelu : Rescale {
  int32_t zero_point_alpha = 0;
  Multiplier positive;
  Multiplier negative;
};
// Alpha is of T, or int8 where T is int16.
template <class T, class Alpha>
void prelu(const Prelu& prelu, const T* in, int64_t step_in, const Alpha* alpha, int64_t step_alpha,
           T* out, int64_t count);

// x * relu6(x + 3) / 6 in 16-bit fixed point.
struct HardSwish : Rescale {
  int16_t output_multiplier = 0;
  int output_exponent = 0;  // not positive
  int16_t reluish_multiplier = 0;
  int reluish_exponent = 0;
};
// Throws Error(unsupported) for an output scale finer than 1/128 of the input's, as LiteRT does.
HardSwish prepare_hard_swish(float scale_in, float scale_out);
template <class T>
void hard_swish(const HardSwish& swish, const T* in, T* out, int64_t count);

struct Magnitude : Rescale {
  bool rescales = false;
  Multiplier multiplier;
};
template <class T>
void magnitude(const Magnitude& magnitude, const T* in, T* out, int64_t count);

}  // namespace litesmith::kernels
