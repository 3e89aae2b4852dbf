#include "base/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace litesmith {
namespace {

// A half by the definition of the format, in double, where every step is exact.
double value_of(uint16_t half) {
  const int exponent = (half >> 10) & 0x1f;
  const int mantissa = half & 0x3ff;
  const double sign = (half & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31) return mantissa != 0 ? std::nan("") : sign * HUGE_VAL;
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

TEST(Half, every_half_is_the_float_its_definition_says) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const double expected = value_of(static_cast<uint16_t>(bits));
    const float actual = half_to_float(static_cast<uint16_t>(bits));
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(actual)) << bits;
    } else {
      ASSERT_EQ(actual, expected) << bits;
      ASSERT_EQ(std::signbit(actual), std::signbit(expected)) << bits;
    }
  }
}

TEST(Half, every_half_survives_a_round_trip) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = half_to_float(half);
    if (std::isnan(value)) continue;
    ASSERT_EQ(float_to_half(value), half);
  }
}

// float_to_half only ever grows with its argument, so its steps tell all of it: between each two
// neighbouring halves, the tie goes to the even one, the floats around the tie to their side.
TEST(Half, every_step_between_two_halves_lies_where_rounding_to_nearest_even_puts_it) {
  for (uint16_t low = 0; low < 0x7c00; ++low) {
    const auto high = static_cast<uint16_t>(low + 1);
    const double upper = high == 0x7c00 ? 65536.0 : value_of(high);  // where infinity would stand
    const auto tie = static_cast<float>((value_of(low) + upper) / 2);
    const uint16_t even = low % 2 == 0 ? low : high;
    ASSERT_EQ(float_to_half(std::nextafter(tie, 0.0f)), low) << low;
    ASSERT_EQ(float_to_half(tie), even) << low;
    ASSERT_EQ(float_to_half(std::nextafter(tie, HUGE_VALF)), high) << low;
    ASSERT_EQ(float_to_half(-tie), even | 0x8000) << low;
  }
}

TEST(Half, a_float_below_the_smallest_half_keeps_its_sign) {
  EXPECT_EQ(float_to_half(std::numeric_limits<float>::denorm_min()), 0x0000);
  EXPECT_EQ(float_to_half(-std::numeric_limits<float>::denorm_min()), 0x8000);
}

TEST(Half, infinity_and_the_largest_float_become_infinity) {
  EXPECT_EQ(float_to_half(std::numeric_limits<float>::infinity()), 0x7c00);
  EXPECT_EQ(float_to_half(-std::numeric_limits<float>::max()), 0xfc00);
}

TEST(Half, every_nan_stays_a_nan) {
  for (uint32_t payload = 1; payload < 0x800000; payload = payload * 2 + 1) {
    ASSERT_TRUE(
        std::isnan(half_to_float(float_to_half(std::bit_cast<float>(0x7f800000 | payload)))));
  }
}

}  // namespace
}  // namespace litesmith
