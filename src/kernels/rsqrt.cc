#include "kernels/rsqrt.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "kernels/convert.h"

namespace litesmith::kernels {
namespace {

int32_t multiply(int32_t a, int32_t b) { return saturating_rounding_doubling_high_mul(a, b); }

int32_t shift_left(int64_t x, int amount) {
  return static_cast<int32_t>(std::clamp<int64_t>(x * (int64_t{1} << amount),
                                                  std::numeric_limits<int32_t>::min(),
                                                  std::numeric_limits<int32_t>::max()));
}

}  // namespace

// 1 / sqrt(x) for x > 0 as a multiplier: five Newton-Raphson steps in Q3.28 from 1, on x brought to
// [2^27, 2^29) by an even number of shifts (GetInvSqrtQuantizedMultiplierExp).
Multiplier inverse_square_root(int32_t x) {
  if (x <= 1) return {std::numeric_limits<int32_t>::max(), 0};
  int shift = 11;
  while (x >= (1 << 29)) {
    x /= 4;
    ++shift;
  }
  const int pairs = (std::countl_zero(static_cast<uint32_t>(x)) - 1) / 2 - 1;
  shift -= pairs;
  x <<= 2 * pairs;
  const int32_t q3 = x >> 1;
  const int32_t half = rounding_divide_by_power_of_two(q3, 1);
  constexpr int32_t kThreeHalves = (1 << 28) + (1 << 27);
  int32_t y = 1 << 28;
  for (int i = 0; i < 5; ++i) {
    const int32_t cube = shift_left(multiply(multiply(y, y), y), 6);
    y = shift_left(int64_t{multiply(kThreeHalves, y)} - multiply(half, cube), 3);
  }
  y = multiply(y, 1518500250);  // sqrt(1/2)
  if (shift < 0) {
    y <<= -shift;
    shift = 0;
  }
  return {y, -shift};
}

template <class T>
void square_root(const SquareRoot& p, const T* in, T* out, int64_t count) {
  constexpr int32_t kMin = std::numeric_limits<T>::min();
  constexpr int32_t kMax = std::numeric_limits<T>::max();
  for (int64_t i = 0; i < count; ++i) {
    const float x = p.scale_in * static_cast<float>(std::max(in[i] - p.zero_point_in, 0));
    const int64_t steps = to_int32_as_x86(std::sqrt(x) / p.scale_out);
    out[i] = static_cast<T>(
        std::clamp<int64_t>(static_cast<int32_t>(steps + p.zero_point_out), kMin, kMax));
  }
}

template void square_root(const SquareRoot&, const int8_t*, int8_t*, int64_t);
template void square_root(const SquareRoot&, const int16_t*, int16_t*, int64_t);

template <class T>
T inverse_root(const InverseRoot& p, T x) {
  constexpr int64_t kMin = std::numeric_limits<T>::min();
  constexpr int64_t kMax = std::numeric_limits<T>::max();
  const int32_t value = x - p.zero_point_in;
  if (value <= 0) return static_cast<T>(kMax);
  constexpr int kShift = 20;  // keeps the root an integer
  Multiplier root = inverse_square_root(value);
  root.exponent += kShift;
  const int32_t data = DoubleRounding::apply(1, root);
  const Multiplier scale{p.multiplier.significand, std::max(p.multiplier.exponent - kShift, -31)};
  const int64_t y = int64_t{DoubleRounding::apply(data, scale)} + p.zero_point_out;
  return static_cast<T>(std::clamp(y, kMin, kMax));
}

template int8_t inverse_root(const InverseRoot&, int8_t);
template int16_t inverse_root(const InverseRoot&, int16_t);

}  // namespace litesmith::kernels
