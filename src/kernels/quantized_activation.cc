#include "kernels/quantized_activation.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "base/error.h"

namespace litesmith::kernels {
namespace {

template <class T>
T clamped(const Rescale& p, int32_t x) {
  return static_cast<T>(std::clamp(x, p.min, p.max));
}

int16_t saturating_shift_left(int16_t x, int amount) {
  return static_cast<int16_t>(
      std::clamp<int64_t>(int64_t{x} * (int64_t{1} << std::min(amount, 31)), -32768, 32767));
}

// a * b / 2^15 toward zero.
int16_t doubling_high_mul(int16_t a, int16_t b) {
  if (a == b && a == std::numeric_limits<int16_t>::min()) return 32767;
  return static_cast<int16_t>(int32_t{a} * b / (1 << 15));
}

// A multiplier's significand with 15 bits.
int16_t to_16_bits(int32_t significand) {
  constexpr int32_t kRounding = 1 << 15;
  if (significand >= std::numeric_limits<int32_t>::max() - kRounding) return 32767;
  return static_cast<int16_t>((significand + kRounding) >> 16);
}

}  // namespace

template <class T>
void relu(const Relu& p, const T* in, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t x = DoubleRounding::apply(in[i] - p.zero_point_in, p.multiplier);
    out[i] = clamped<T>(p, wrapping_add(x, p.zero_point_out));
  }
}

template void relu(const Relu&, const int8_t*, int8_t*, int64_t);
template void relu(const Relu&, const uint8_t*, uint8_t*, int64_t);
template void relu(const Relu&, const int16_t*, int16_t*, int64_t);

template <class T>
void leaky_relu(const LeakyRelu& p, const T* in, T* out, int64_t count) {
  const bool flips = p.by_magnitude && p.negative.significand < 0;
  Multiplier negative = p.negative;
  if (flips) negative.significand = -negative.significand;
  for (int64_t i = 0; i < count; ++i) {
    const int32_t x = in[i] - p.zero_point_in;
    int32_t y = 0;
    if (x >= 0) {
      y = DoubleRounding::apply(x, p.positive);
    } else {
      y = DoubleRounding::apply(x, negative);
      if (flips) y = wrapping_add(0, -y);
    }
    out[i] = clamped<T>(p, wrapping_add(y, p.zero_point_out));
  }
}

template void leaky_relu(const LeakyRelu&, const int8_t*, int8_t*, int64_t);
template void leaky_relu(const LeakyRelu&, const uint8_t*, uint8_t*, int64_t);
template void leaky_relu(const LeakyRelu&, const int16_t*, int16_t*, int64_t);

template <class T>
void leaky_relu(const XnnpackLeakyRelu& p, const T* in, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t x = in[i] - p.zero_point_in;
    const int32_t y = x * (x >= 0 ? p.positive : p.negative);
    out[i] = clamped<T>(p, (y + 0x80 + (p.zero_point_out << 8)) >> 8);
  }
}

template void leaky_relu(const XnnpackLeakyRelu&, const int8_t*, int8_t*, int64_t);
template void leaky_relu(const XnnpackLeakyRelu&, const uint8_t*, uint8_t*, int64_t);

template <class T, class Alpha>
void prelu(const Prelu& p, const T* in, int64_t step_in, const Alpha* alpha, int64_t step_alpha,
           T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t x = in[i * step_in] - p.zero_point_in;
    const int32_t y = x >= 0 ? DoubleRounding::apply(x, p.positive)
                             : DoubleRounding::apply(
                                   x * (alpha[i * step_alpha] - p.zero_point_alpha), p.negative);
    out[i] = clamped<T>(p, wrapping_add(y, p.zero_point_out));
  }
}

template void prelu(const Prelu&, const int8_t*, int64_t, const int8_t*, int64_t, int8_t*, int64_t);
template void prelu(const Prelu&, const uint8_t*, int64_t, const uint8_t*, int64_t, uint8_t*,
                    int64_t);
template void prelu(const Prelu&, const int16_t*, int64_t, const int8_t*, int64_t, int16_t*,
                    int64_t);

HardSwish prepare_hard_swish(float scale_in, float scale_out) {
  const float fine_scale_in = (1.0f / 128.0f) * scale_in;
  const float reluish_scale = 3.0f / 32768.0f;
  const Multiplier output = quantize_multiplier(fine_scale_in / scale_out);
  const Multiplier reluish = quantize_multiplier(fine_scale_in / reluish_scale);
  if (output.exponent > 0) {
    throw Error(ErrorCode::unsupported,
                "HARD_SWISH with an output scale below 1/128 of the input's, which LiteRT refuses");
  }
  HardSwish p;
  p.output_multiplier = to_16_bits(output.significand);
  p.output_exponent = output.exponent;
  p.reluish_multiplier = to_16_bits(reluish.significand);
  p.reluish_exponent = reluish.exponent;
  return p;
}

// The input, with 7 bits more, is multiplied by a weight in [0, 1] that is (x + 3) / 6: found by
// scaling x so that 3 is 32768, saturating, and moving [-1, 1] to [0, 1].
template <class T>
void hard_swish(const HardSwish& p, const T* in, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const auto fine = static_cast<int16_t>((in[i] - p.zero_point_in) * (1 << 7));
    const int16_t on_output_scale =
        saturating_rounding_doubling_high_mul(fine, p.output_multiplier);
    int16_t weight = fine;
    if (p.reluish_exponent > 0) weight = saturating_shift_left(weight, p.reluish_exponent - 1);
    weight = saturating_rounding_doubling_high_mul(weight, p.reluish_multiplier);
    if (p.reluish_exponent > 0) weight = saturating_shift_left(weight, 1);
    if (p.reluish_exponent < 0) {
      weight = rounding_divide_by_power_of_two(weight, std::min(-p.reluish_exponent, 31));
    }
    weight = static_cast<int16_t>((weight + (1 << 15)) >> 1);
    int16_t y = rounding_divide_by_power_of_two(doubling_high_mul(weight, on_output_scale),
                                                -p.output_exponent);
    y = static_cast<int16_t>(y + p.zero_point_out);
    out[i] = clamped<T>(p, y);
  }
}

template void hard_swish(const HardSwish&, const int8_t*, int8_t*, int64_t);
template void hard_swish(const HardSwish&, const uint8_t*, uint8_t*, int64_t);

template <class T>
void magnitude(const Magnitude& p, const T* in, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t x = std::abs(in[i] - p.zero_point_in);
    const int32_t y = p.rescales ? DoubleRounding::apply(x, p.multiplier) : x;
    out[i] = clamped<T>(p, wrapping_add(y, p.zero_point_out));
  }
}

template void magnitude(const Magnitude&, const int8_t*, int8_t*, int64_t);
template void magnitude(const Magnitude&, const int16_t*, int16_t*, int64_t);

}  // namespace litesmith::kernels
