#include "kernels/quantized_add.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/error.h"

namespace litesmith::kernels {
namespace {

int32_t wrapping_multiply(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) * static_cast<uint32_t>(b));
}

template <OperandRounding kRounding>
int32_t scaled(int32_t x, int left_shift, Multiplier m) {
  if constexpr (kRounding == OperandRounding::early) {
    const int shift = left_shift + m.exponent;
    const int32_t shifted = shift >= 0 ? wrapping_shift_left(x, shift) : x >> std::min(-shift, 31);
    return saturating_rounding_doubling_high_mul(shifted, m.significand);
  } else {
    const int32_t product =
        saturating_rounding_doubling_high_mul(wrapping_shift_left(x, left_shift), m.significand);
    if constexpr (kRounding == OperandRounding::floor) return product >> -m.exponent;
    return rounding_divide_by_power_of_two(product, -m.exponent);
  }
}

// What becomes of the sum at the output's scale. The vector code for 8 bits goes through 16 bits,
// which it cuts off before the zero point is added and saturates after.
template <class T, bool kVector>
T finished(const Addition& p, int32_t x) {
  if constexpr (kVector && sizeof(T) == 1) {
    const auto narrow = static_cast<int16_t>(x);
    const auto moved = static_cast<int16_t>(narrow + p.zero_point_out);
    const int32_t saturated =
        std::clamp<int32_t>(moved, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
    return static_cast<T>(std::clamp(saturated, p.min, p.max));
  }
  return static_cast<T>(std::clamp(wrapping_add(x, p.zero_point_out), p.min, p.max));
}

template <class T, OperandRounding kRounding>
void add_with(const Addition& p, const T* first, int64_t step_first, const T* second,
              int64_t step_second, T* out, int64_t count) {
  constexpr bool kVector = kRounding != OperandRounding::exact;
  for (int64_t i = 0; i < count; ++i) {
    const int32_t a =
        scaled<kRounding>(first[i * step_first] - p.zero_point_first, p.left_shift, p.first);
    const int32_t b =
        scaled<kRounding>(second[i * step_second] - p.zero_point_second, p.left_shift, p.second);
    const int32_t sum = p.subtract ? wrapping_add(a, -b) : wrapping_add(a, b);
    const int32_t product = saturating_rounding_doubling_high_mul(sum, p.out.significand);
    out[i] = finished<T, kVector>(p, rounding_divide_by_power_of_two(product, -p.out.exponent));
  }
}

Multiplier below_one(double real, const char* what) {
  if (!(real > 0 && real < 1)) {
    throw Error(ErrorCode::unsupported, std::string("scales too far apart: ") + what +
                                            " would be multiplied by " + std::to_string(real) +
                                            ", which LiteRT refuses");
  }
  return quantize_multiplier(real);
}

}  // namespace

Addition prepare_addition(float scale_first, float scale_second, float scale_out, int left_shift) {
  const double twice_max = 2 * std::max(scale_first, scale_second);
  Addition p;
  p.left_shift = left_shift;
  p.first = below_one(scale_first / twice_max, "the first operand");
  p.second = below_one(scale_second / twice_max, "the second operand");
  p.out = below_one(twice_max / (static_cast<float>(1 << left_shift) * scale_out), "the sum");
  return p;
}

template <class T>
void add(const Addition& p, const T* first, int64_t step_first, const T* second,
         int64_t step_second, T* out, int64_t count) {
  const int64_t whole = p.rounding == OperandRounding::exact ? 0 : count - count % p.group;
  if (p.rounding == OperandRounding::early) {
    add_with<T, OperandRounding::early>(p, first, step_first, second, step_second, out, whole);
  } else if (p.rounding == OperandRounding::floor) {
    add_with<T, OperandRounding::floor>(p, first, step_first, second, step_second, out, whole);
  }
  add_with<T, OperandRounding::exact>(p, first + whole * step_first, step_first,
                                      second + whole * step_second, step_second, out + whole,
                                      count - whole);
}

template void add(const Addition&, const int8_t*, int64_t, const int8_t*, int64_t, int8_t*,
                  int64_t);
template void add(const Addition&, const uint8_t*, int64_t, const uint8_t*, int64_t, uint8_t*,
                  int64_t);
template void add(const Addition&, const int16_t*, int64_t, const int16_t*, int64_t, int16_t*,
                  int64_t);

void add_shifted(const ShiftedAddition& p, const int16_t* first, int64_t step_first,
                 const int16_t* second, int64_t step_second, int16_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t a = rounding_divide_by_power_of_two(first[i * step_first], p.shift_first);
    const int32_t b = rounding_divide_by_power_of_two(second[i * step_second], p.shift_second);
    // Saturates at int16 first, but the clamp is never wider.
    out[i] = static_cast<int16_t>(std::clamp(p.subtract ? a - b : a + b, p.min, p.max));
  }
}

XnnpackAddition prepare_xnnpack_addition(float scale_first, int32_t zero_point_first,
                                         float scale_second, int32_t zero_point_second,
                                         float sign_second, float scale_out,
                                         int32_t zero_point_out) {
  const float first = scale_first / scale_out;
  const float second = scale_second / scale_out;
  // The larger multiplier fills 21 bits.
  const auto exponent =
      static_cast<int>(std::bit_cast<uint32_t>(std::max(first, second)) >> 23) - 127;
  XnnpackAddition p;
  p.shift = 20 - exponent;
  p.multiplier_first = round_half_even(std::ldexp(first, p.shift));
  p.multiplier_second =
      static_cast<int32_t>(sign_second) * round_half_even(std::ldexp(second, p.shift));
  p.bias = (int32_t{1} << (p.shift - 1)) - p.multiplier_first * zero_point_first -
           p.multiplier_second * zero_point_second;
  p.zero_point_out = zero_point_out;
  return p;
}

template <class T>
void add(const XnnpackAddition& p, const T* first, int64_t step_first, const T* second,
         int64_t step_second, T* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t a = wrapping_multiply(first[i * step_first], p.multiplier_first);
    const int32_t b = wrapping_multiply(second[i * step_second], p.multiplier_second);
    const int32_t sum = wrapping_add(p.bias, wrapping_add(a, b)) >> p.shift;
    out[i] = static_cast<T>(std::clamp(sum + p.zero_point_out, p.min, p.max));
  }
}

template void add(const XnnpackAddition&, const int8_t*, int64_t, const int8_t*, int64_t, int8_t*,
                  int64_t);
template void add(const XnnpackAddition&, const uint8_t*, int64_t, const uint8_t*, int64_t,
                  uint8_t*, int64_t);

}  // namespace litesmith::kernels
