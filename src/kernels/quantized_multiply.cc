#include "kernels/quantized_multiply.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include "base/error.h"
#include "kernels/fixed_point_functions.h"

namespace litesmith::kernels {
namespace {

template <class T>
T clamped(const Product& p, int32_t x) {
  return static_cast<T>(std::clamp(x, p.min, p.max));
}

template <class T, Narrowing kNarrowing>
void multiply_with(const Multiplication& p, const T* first, int64_t step_first, const T* second,
                   int64_t step_second, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t a = first[i * step_first] - p.zero_point_first;
    const int32_t b = second[i * step_second] - p.zero_point_second;
    const int32_t product = DoubleRounding::apply(a * b, p.multiplier);
    if constexpr (kNarrowing == Narrowing::none) {
      out[i] = clamped<T>(p, wrapping_add(product, p.zero_point_out));
    } else {
      const auto narrow = static_cast<int16_t>(
          kNarrowing == Narrowing::saturates ? std::clamp(product, -32768, 32767) : product);
      const auto moved = static_cast<int16_t>(narrow + p.zero_point_out);
      out[i] = clamped<T>(p, std::clamp<int32_t>(moved, std::numeric_limits<T>::min(),
                                                 std::numeric_limits<T>::max()));
    }
  }
}

// Rounding division by 2^shift. LiteRT does not see to it that the shift lies in [0, 31]; outside,
// it gives what x86 shifts by the lowest bits of the number make of it, however odd.
int32_t divided_as_x86(int32_t x, int shift) {
  const auto mask = static_cast<int32_t>((uint64_t{1} << (shift & 63)) - 1);
  const int32_t remainder = x & mask;
  const int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return wrapping_add(x >> (shift & 31), remainder > threshold ? 1 : 0);
}

template <class T>
T quotient(const Division& p, int32_t a, int32_t b) {
  if (b == 0) return clamped<T>(p, a == 0 ? p.zero_point_out : (a > 0 ? p.max : p.min));
  if (b < 0) {
    a = -a;
    b = -b;
  }
  const Reciprocal inverse = reciprocal(b, 31);
  // Redundant sign bits.
  const int headroom = std::countl_zero(static_cast<uint32_t>(a < 0 ? ~a : a)) - 1;
  const int32_t product =
      saturating_rounding_doubling_high_mul(wrapping_shift_left(a, headroom), inverse.q0);
  const int shift = inverse.shift + headroom - p.multiplier.exponent;
  const int32_t scaled = saturating_rounding_doubling_high_mul(product, p.multiplier.significand);
  return clamped<T>(p, wrapping_add(divided_as_x86(scaled, shift), p.zero_point_out));
}

int32_t scaled_difference_operand(int32_t x, Multiplier m) {
  return rounding_divide_by_power_of_two(
      saturating_rounding_doubling_high_mul(x * (1 << 7), m.significand), -m.exponent);
}

}  // namespace

template <class T>
void multiply(const Multiplication& p, const T* first, int64_t step_first, const T* second,
              int64_t step_second, T* out, int64_t count) {
  const int64_t whole = p.narrowing == Narrowing::none ? 0 : count - count % p.group;
  if constexpr (sizeof(T) == 1) {
    if (p.narrowing == Narrowing::saturates) {
      multiply_with<T, Narrowing::saturates>(p, first, step_first, second, step_second, out, whole);
    } else if (p.narrowing == Narrowing::wraps) {
      multiply_with<T, Narrowing::wraps>(p, first, step_first, second, step_second, out, whole);
    }
  }
  multiply_with<T, Narrowing::none>(p, first + whole * step_first, step_first,
                                    second + whole * step_second, step_second, out + whole,
                                    count - whole);
}

template void multiply(const Multiplication&, const int8_t*, int64_t, const int8_t*, int64_t,
                       int8_t*, int64_t);
template void multiply(const Multiplication&, const uint8_t*, int64_t, const uint8_t*, int64_t,
                       uint8_t*, int64_t);
template void multiply(const Multiplication&, const int16_t*, int64_t, const int16_t*, int64_t,
                       int16_t*, int64_t);

template <class T>
void multiply(const XnnpackMultiplication& p, const T* first, int64_t step_first, const T* second,
              int64_t step_second, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t a = first[i * step_first] - p.zero_point_first;
    const int32_t b = second[i * step_second] - p.zero_point_second;
    out[i] = clamped<T>(p, FloatHalfEven::apply(a * b, p.scale) + p.zero_point_out);
  }
}

template void multiply(const XnnpackMultiplication&, const int8_t*, int64_t, const int8_t*, int64_t,
                       int8_t*, int64_t);
template void multiply(const XnnpackMultiplication&, const uint8_t*, int64_t, const uint8_t*,
                       int64_t, uint8_t*, int64_t);

template <class T>
void divide(const Division& p, const T* first, int64_t step_first, const T* second,
            int64_t step_second, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    out[i] = quotient<T>(p, first[i * step_first] - p.zero_point_first,
                         second[i * step_second] - p.zero_point_second);
  }
}

template void divide(const Division&, const int8_t*, int64_t, const int8_t*, int64_t, int8_t*,
                     int64_t);
template void divide(const Division&, const uint8_t*, int64_t, const uint8_t*, int64_t, uint8_t*,
                     int64_t);
template void divide(const Division&, const int16_t*, int64_t, const int16_t*, int64_t, int16_t*,
                     int64_t);

SquaredDifferences prepare_squared_differences(float scale_first, float scale_second,
                                               float scale_out) {
  const double twice_max = 2 * std::max(scale_first, scale_second);
  const double out = twice_max * twice_max / (static_cast<float>(1 << 14) * scale_out);
  if (!(out < 1) || !(scale_first > 0) || !(scale_second > 0)) {
    throw Error(ErrorCode::unsupported,
                "scales too far apart: the squared difference would be multiplied by " +
                    std::to_string(out) + ", which LiteRT refuses");
  }
  SquaredDifferences p;
  p.first = quantize_multiplier(scale_first / twice_max);
  p.second = quantize_multiplier(scale_second / twice_max);
  p.out = quantize_multiplier(out);
  return p;
}

void squared_difference(const SquaredDifferences& p, const int8_t* first, int64_t step_first,
                        const int8_t* second, int64_t step_second, int8_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t a =
        scaled_difference_operand(first[i * step_first] - p.zero_point_first, p.first);
    const int32_t b =
        scaled_difference_operand(second[i * step_second] - p.zero_point_second, p.second);
    const int32_t product =
        saturating_rounding_doubling_high_mul((a - b) * (a - b), p.out.significand);
    out[i] = clamped<int8_t>(
        p, rounding_divide_by_power_of_two(product, -p.out.exponent) + p.zero_point_out);
  }
}

}  // namespace litesmith::kernels
