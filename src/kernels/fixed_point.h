// Requantization: how LiteRT's kernels turn a wide accumulator into a narrow integer. Each of its
// implementations rounds in its own way; here each way is a policy that kernels take as a template
// argument, so that a kernel is written once and agrees with all of them bit for bit.
//
// The integer formulas come from gemmlowp (fixedpoint/fixedpoint.h), LiteRT
// (kernels/internal/common.cc) and ruy (apply_multiplier.cc). Nothing here overflows: where LiteRT
// leaves a result undefined, the bits wrap.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace litesmith::kernels {

// A real number as significand * 2^(exponent - 31). The significand of a positive number lies in
// [2^30, 2^31).
struct Multiplier {
  int32_t significand = 0;
  int32_t exponent = 0;
  friend bool operator==(Multiplier, Multiplier) = default;
};

// LiteRT's QuantizeMultiplier. Negative numbers are allowed (a leaky ReLU may have one). Throws
// Error(unsupported) when `real` is not finite or needs an exponent above `max_exponent`.
Multiplier quantize_multiplier(double real, int max_exponent = 30);

// SaturatingRoundingDoublingHighMul: a * b / 2^31, halves up. gemmlowp rounds by a nudge that
// depends on the sign and then truncates; that is the same as rounding halves up.
inline int32_t saturating_rounding_doubling_high_mul(int32_t a, int32_t b) {
  constexpr int32_t lowest = std::numeric_limits<int32_t>::min();
  if (a == lowest && b == lowest) return std::numeric_limits<int32_t>::max();
  return static_cast<int32_t>((int64_t{a} * b + (int64_t{1} << 30)) >> 31);
}

// The 16-bit form: a * b / 2^15.
inline int16_t saturating_rounding_doubling_high_mul(int16_t a, int16_t b) {
  constexpr int16_t lowest = std::numeric_limits<int16_t>::min();
  if (a == lowest && b == lowest) return std::numeric_limits<int16_t>::max();
  return static_cast<int16_t>((int32_t{a} * b + (1 << 14)) >> 15);
}

// RoundingDivideByPOT: x / 2^exponent, halves away from zero. 0 <= exponent <= 31.
template <class T>
inline T rounding_divide_by_power_of_two(T x, int exponent) {
  const auto mask = static_cast<T>((int64_t{1} << exponent) - 1);
  const auto remainder = static_cast<T>(x & mask);
  const auto threshold = static_cast<T>((mask >> 1) + (x < 0 ? 1 : 0));
  return static_cast<T>((x >> exponent) + (remainder > threshold ? 1 : 0));
}

// a + b with the bits that leave lost, as below.
template <class T>
inline T wrapping_add(T a, T b) {
  using Bits = std::make_unsigned_t<T>;
  return static_cast<T>(static_cast<Bits>(a) + static_cast<Bits>(b));
}

// The nearest number that T holds.
template <class T>
inline T saturated(int64_t x) {
  return static_cast<T>(
      std::clamp<int64_t>(x, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

// x * 2^amount with the bits that leave lost, as LiteRT's int32 arithmetic does in practice.
inline int32_t wrapping_shift_left(int32_t x, int amount) {
  return static_cast<int32_t>(static_cast<uint32_t>(x) << std::min(amount, 31));
}

// To the nearest integer, halves away from zero (C's round, LiteRT's TfLiteRound), kept in int32.
// NaN goes to the lowest.
inline int32_t round_half_away(double x) {
  constexpr double lowest = std::numeric_limits<int32_t>::min();
  constexpr double highest = std::numeric_limits<int32_t>::max();
  return static_cast<int32_t>(std::min(highest, std::max(lowest, std::round(x))));
}
inline int32_t round_half_away(float x) { return round_half_away(static_cast<double>(x)); }

// To the nearest integer, halves to even (lrintf), kept within +-2^22, NaN at the lower end. Adding
// 1.5 * 2^23 makes the float's own rounding do the work: its last bit is then worth one.
inline int32_t round_half_even(float x) {
  const float kept = std::min(0x1p22f, std::max(-0x1p22f, x));
  return std::bit_cast<int32_t>(kept + 0x1.8p23f) - std::bit_cast<int32_t>(0x1.8p23f);
}

// A policy has an Accumulator, a Parameter for each output channel, and apply(): the accumulator in
// steps of the output, before the output's zero point is added and the result clamped.

// LiteRT's MultiplyByQuantizedMultiplier on int32: rounds the product, then the shift.
struct DoubleRounding {
  using Accumulator = int32_t;
  using Parameter = Multiplier;
  static constexpr int max_exponent = 30;
  static int32_t apply(int32_t acc, Multiplier m) {
    const int32_t shifted = wrapping_shift_left(acc, std::max(m.exponent, 0));
    return rounding_divide_by_power_of_two(
        saturating_rounding_doubling_high_mul(shifted, m.significand), std::max(-m.exponent, 0));
  }
};

// ruy's on x86 (kernel_avx2_fma.cc, kernel_avx512.cc), which LiteRT's optimized convolutions and
// dense layers use: as above, but halves of the shift go up. ruy's portable and Arm kernels round
// once; litesmith gives the x86 result everywhere.
struct DoubleRoundingHalfUp {
  using Accumulator = int32_t;
  using Parameter = Multiplier;
  static constexpr int max_exponent = 30;
  static int32_t apply(int32_t acc, Multiplier m) {
    const int32_t shifted = wrapping_shift_left(acc, std::max(m.exponent, 0));
    const int64_t product = saturating_rounding_doubling_high_mul(shifted, m.significand);
    const int shift = std::max(-m.exponent, 0);
    return static_cast<int32_t>((product + ((int64_t{1} << shift) >> 1)) >> shift);
  }
};

// Either of the two, as the channel's parameter says: LiteRT's optimized depthwise convolution
// rounds in vectors where it has whole ones, and channel by channel behind them.
struct DoubleRoundingByChannel {
  using Accumulator = int32_t;
  struct Parameter {
    Multiplier multiplier;
    bool half_up = false;
  };
  static constexpr int max_exponent = 30;
  static int32_t apply(int32_t acc, Parameter p) {
    return p.half_up ? DoubleRoundingHalfUp::apply(acc, p.multiplier)
                     : DoubleRounding::apply(acc, p.multiplier);
  }
};

// LiteRT's MultiplyByQuantizedMultiplier on int64: a multiplier of 15 bits, one rounding.
struct WideRounding {
  using Accumulator = int64_t;
  using Parameter = Multiplier;
  static constexpr int max_exponent = 14;
  static int32_t apply(int64_t acc, Multiplier m) {
    const int32_t reduced = m.significand < 0x7fff0000 ? (m.significand + (1 << 15)) >> 16 : 0x7fff;
    const int shift = 15 - m.exponent;
    const uint64_t product = static_cast<uint64_t>(acc) * static_cast<uint64_t>(int64_t{reduced});
    return static_cast<int32_t>(static_cast<int64_t>(product + (uint64_t{1} << (shift - 1))) >>
                                shift);
  }
};

// XNNPACK's: one float product, halves to even.
struct FloatHalfEven {
  using Accumulator = int32_t;
  using Parameter = float;
  static int32_t apply(int32_t acc, float scale) {
    return round_half_even(static_cast<float>(acc) * scale);
  }
};

// LiteRT's reference dense layer: one double product, halves away from zero.
template <class Acc>
struct DoubleProduct {
  using Accumulator = Acc;
  using Parameter = double;
  static int32_t apply(Acc acc, double scale) {
    return round_half_away(static_cast<double>(acc) * scale);
  }
};

}  // namespace litesmith::kernels
