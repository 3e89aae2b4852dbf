#include "kernels/fixed_point_functions.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {
namespace {

template <class Raw>
constexpr Raw kOne = std::numeric_limits<Raw>::max();  // the largest Q0, as near to 1 as it gets

// A Q0 constant, given with 31 fractional bits.
template <class Raw>
Raw constant(int32_t q31) {
  return static_cast<Raw>(
      rounding_divide_by_power_of_two(q31, 32 - 8 * static_cast<int>(sizeof(Raw))));
}

template <class Raw>
Raw multiply(Raw a, Raw b) {
  return saturating_rounding_doubling_high_mul(a, b);
}

// Sums wrap in 32 bits, and so do those of 16 bits unless gemmlowp saturates them by name.
template <class Raw>
Raw add(Raw a, Raw b) {
  return static_cast<Raw>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}
template <class Raw>
Raw subtract(Raw a, Raw b) {
  return static_cast<Raw>(static_cast<uint32_t>(a) - static_cast<uint32_t>(b));
}

// x * 2^amount, saturating.
template <class Raw>
Raw shift_left(Raw x, int amount) {
  return saturated<Raw>(int64_t{x} * (int64_t{1} << amount));
}

// e^a for a in [-1/4, 0): a Taylor series around -1/8.
template <class Raw>
Raw exp_of_last_quarter(Raw a) {
  const Raw constant_term = constant<Raw>(1895147668);  // e^-1/8
  const Raw third = constant<Raw>(715827883);
  const Raw x = add<Raw>(a, static_cast<Raw>(Raw{1} << (8 * sizeof(Raw) - 4)));
  const Raw x2 = multiply(x, x);
  const Raw x3 = multiply(x2, x);
  const Raw x4 = multiply(x2, x2);
  const Raw x4_over_4 = rounding_divide_by_power_of_two(x4, 2);
  const Raw tail =
      rounding_divide_by_power_of_two(add<Raw>(multiply(add<Raw>(x4_over_4, x3), third), x2), 1);
  const Raw rest = multiply(constant_term, add<Raw>(x, tail));
  if constexpr (sizeof(Raw) == 2) return saturated<Raw>(int64_t{constant_term} + rest);
  return add<Raw>(constant_term, rest);
}

// The Newton-Raphson division both quotients share: 2 / (1 + x) with 2 integer bits.
template <class Raw>
Raw twice_reciprocal(Raw x) {
  const auto half_denominator = static_cast<Raw>((int64_t{x} + kOne<Raw> + 1) / 2);
  const Raw one = static_cast<Raw>(Raw{1} << (8 * sizeof(Raw) - 3));
  Raw y = add<Raw>(constant<Raw>(1515870810),                                // 48/17
                   multiply(half_denominator, constant<Raw>(-1010580540)));  // -32/17
  for (int i = 0; i < 3; ++i) {
    const Raw error = subtract<Raw>(one, multiply(half_denominator, y));
    y = add<Raw>(y, shift_left<Raw>(multiply(y, error), 2));
  }
  return y;
}

}  // namespace

template <class Raw>
Raw exp_of_negative(Raw a, int integer_bits) {
  constexpr int kBits = 8 * static_cast<int>(sizeof(Raw)) - 1;
  const int fractional_bits = kBits - integer_bits;
  const auto quarter = static_cast<Raw>(Raw{1} << (fractional_bits - 2));
  const auto last_quarter = subtract<Raw>(static_cast<Raw>(a & (quarter - 1)), quarter);
  Raw result = exp_of_last_quarter<Raw>(shift_left<Raw>(last_quarter, integer_bits));
  const Raw remainder = subtract<Raw>(last_quarter, a);
  // e^-1/4, e^-1/2, e^-1, ... e^-16, for each bit of what is left.
  constexpr int32_t kPowers[] = {1672461947, 1302514674, 790015084, 290630308,
                                 39332535,   720401,     242};
  for (int i = 0; i < std::min(integer_bits + 2, 7); ++i) {
    if ((remainder & static_cast<Raw>(Raw{1} << (fractional_bits - 2 + i))) != 0) {
      result = multiply(result, constant<Raw>(kPowers[i]));
    }
  }
  // What lies beyond the last of the powers is nothing.
  if (integer_bits > 5 && a < -(int64_t{1} << (fractional_bits + 5))) return 0;
  return a == 0 ? kOne<Raw> : result;
}

template <class Raw>
Raw reciprocal_of_one_plus(Raw x) {
  // 1 / (1 + x) is y / 2: the same bits with one integer bit less, then shifted to none.
  return shift_left<Raw>(twice_reciprocal<Raw>(x), 1);
}

template <class Raw>
Raw one_minus_over_one_plus(Raw x) {
  const Raw one = static_cast<Raw>(Raw{1} << (8 * sizeof(Raw) - 3));
  return shift_left<Raw>(subtract<Raw>(twice_reciprocal<Raw>(x), one), 2);
}

template int16_t exp_of_negative(int16_t, int);
template int32_t exp_of_negative(int32_t, int);
template int16_t reciprocal_of_one_plus(int16_t);
template int32_t reciprocal_of_one_plus(int32_t);
template int16_t one_minus_over_one_plus(int16_t);

int16_t logistic_q3(int16_t a) {
  if (a == 0) return 1 << 14;
  const auto negative = a > 0 ? static_cast<int16_t>(-a) : a;
  const int16_t positive = reciprocal_of_one_plus(exp_of_negative<int16_t>(negative, 3));
  return a > 0 ? positive : subtract<int16_t>(kOne<int16_t>, positive);
}

int16_t tanh_q0(int16_t a, int integer_bits) {
  if (a == 0) return 0;
  const auto negative = a > 0 ? static_cast<int16_t>(-a) : a;
  // The same bits with one integer bit more are twice the number.
  const int16_t t = one_minus_over_one_plus(exp_of_negative<int16_t>(negative, integer_bits + 1));
  return a < 0 ? static_cast<int16_t>(-t) : t;
}

int16_t tanh_q3(int16_t a) { return tanh_q0(a, 3); }

// x = r * 2^p with r near sqrt(sqrt(1/2)): p comes from the leading zeros of x or, whichever keeps
// r larger, of x * sqrt(1/2). ln r is a quotient of polynomials.
int32_t log_q12_to_q5(int32_t x) {
  constexpr int kInputBits = 12;
  constexpr int kBits = 6;  // of the sum that becomes the result: one more than it has
  const int32_t log_2 = 1488522236;
  const int32_t root_4_of_half = 1805811301;
  const int32_t root_of_half = 1518500250;
  const int32_t shifted_quarter = rounding_divide_by_power_of_two(536870912, kBits);

  const int headroom_a = std::countl_zero(static_cast<uint32_t>(x));
  const int32_t scaled_a = shift_left<int32_t>(x, headroom_a - 1);
  const int32_t r_a = shift_left<int32_t>(multiply(scaled_a, root_of_half), 1);
  const int32_t power_a = saturated<int32_t>(
      int64_t{shift_left<int32_t>(kInputBits - headroom_a, 31 - kBits)} + shifted_quarter);

  const int32_t x_b = multiply(x, root_of_half);
  const int headroom_b = std::countl_zero(static_cast<uint32_t>(x_b)) - 1;
  const int32_t r_b = shift_left<int32_t>(x, headroom_b);
  const int32_t power_b = saturated<int32_t>(
      int64_t{shift_left<int32_t>(kInputBits - headroom_b, 31 - kBits)} - shifted_quarter);

  const int32_t r = std::min(r_a, r_b);
  const int32_t power = std::max(power_a, power_b);

  const int64_t sum = int64_t{r} + root_4_of_half;
  const auto p = static_cast<int32_t>((sum + (sum >= 0 ? 1 : -1)) / 2);
  int32_t q = subtract(r, root_4_of_half);
  q = add(q, q);
  const int32_t q2 = multiply(q, q);
  const int32_t numerator = add(multiply(q, r), multiply(multiply(q, q2), 117049297));
  const int32_t denominator_minus_one =
      add(multiply(p, add(add(1057819769, q), multiply(127690142, q2))), multiply(638450708, q));
  const int32_t inverse = reciprocal_of_one_plus(denominator_minus_one);
  const int32_t scaled = rounding_divide_by_power_of_two(numerator, kBits);
  return shift_left<int32_t>(add(multiply(power, log_2), multiply(scaled, inverse)), 1);
}

Reciprocal reciprocal(int32_t x, int integer_bits) {
  const int headroom = std::countl_zero(static_cast<uint32_t>(x));
  const auto minus_one =
      static_cast<int32_t>((static_cast<uint32_t>(x) << (headroom & 31)) - (uint32_t{1} << 31));
  return {reciprocal_of_one_plus(minus_one), integer_bits - headroom};
}

}  // namespace litesmith::kernels
