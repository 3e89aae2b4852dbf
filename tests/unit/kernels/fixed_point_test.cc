#include "kernels/fixed_point.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "testing/random.h"

namespace litesmith::kernels {
namespace {

__extension__ typedef __int128 Wide;

constexpr int32_t kLowest = std::numeric_limits<int32_t>::min();
constexpr int32_t kHighest = std::numeric_limits<int32_t>::max();

// Accumulators where something changes, and seeded ones of every magnitude.
std::vector<int32_t> accumulators() {
  std::vector<int32_t> values = {0, 1, -1, 2, -2, 3, -3, kLowest, kLowest + 1, kHighest};
  Random random(17);
  for (int shift = 0; shift < 31; ++shift) {
    for (int i = 0; i < 200; ++i) values.push_back(static_cast<int32_t>(random.bits()) >> shift);
  }
  return values;
}

std::vector<double> ratios() {
  std::vector<double> values = {0.5, 0.25, 1.0, 2.0, 0.75, 1.0 / 3, 0x1p-20, 3e-5, 0.9999999999};
  Random random(29);
  for (int i = 0; i < 60; ++i) {
    values.push_back(std::exp2(random.uniform(-12.0, 3.0)));
  }
  return values;
}

// floor(numerator / 2^shift + 1/2)
int64_t divide_half_up(Wide numerator, int shift) {
  return static_cast<int64_t>((numerator + (Wide{1} << (shift - 1))) >> shift);
}

int64_t divide_half_away(Wide numerator, int shift) {
  if (shift == 0) return static_cast<int64_t>(numerator);
  const Wide magnitude = numerator < 0 ? -numerator : numerator;
  const auto rounded = static_cast<int64_t>((magnitude + (Wide{1} << (shift - 1))) >> shift);
  return numerator < 0 ? -rounded : rounded;
}

TEST(Multiplier, of_hand_computed_ratios) {
  EXPECT_EQ(quantize_multiplier(0.5), (Multiplier{1 << 30, 0}));
  EXPECT_EQ(quantize_multiplier(1.0), (Multiplier{1 << 30, 1}));
  EXPECT_EQ(quantize_multiplier(0.75), (Multiplier{3 << 29, 0}));
  EXPECT_EQ(quantize_multiplier(-3.0), (Multiplier{-(3 << 29), 2}));
  EXPECT_EQ(quantize_multiplier(0.0), (Multiplier{0, 0}));
}

TEST(Multiplier, that_rounds_up_to_a_power_of_two_gains_an_exponent) {
  EXPECT_EQ(quantize_multiplier(1.0 - 0x1p-40), (Multiplier{1 << 30, 1}));
}

TEST(Multiplier, too_small_to_matter_is_zero) {
  EXPECT_EQ(quantize_multiplier(0x1p-33), (Multiplier{0, 0}));
  EXPECT_EQ(quantize_multiplier(0x1p-32), (Multiplier{1 << 30, -31}));
}

TEST(Multiplier, too_large_or_not_finite_is_refused) {
  EXPECT_THROW(quantize_multiplier(0x1p31), Error);
  EXPECT_THROW(quantize_multiplier(0x1p15, WideRounding::max_exponent), Error);
  EXPECT_THROW(quantize_multiplier(std::nan("")), Error);
  EXPECT_THROW(quantize_multiplier(INFINITY), Error);
}

TEST(High_mul, equals_the_nudge_and_truncation_of_gemmlowp) {
  const auto values = accumulators();
  for (size_t i = 0; i + 1 < values.size(); ++i) {
    const int64_t product = int64_t{values[i]} * values[i + 1];
    const int64_t nudge = product >= 0 ? int64_t{1} << 30 : 1 - (int64_t{1} << 30);
    const auto expected = static_cast<int32_t>((product + nudge) / (int64_t{1} << 31));
    ASSERT_EQ(saturating_rounding_doubling_high_mul(values[i], values[i + 1]), expected)
        << values[i] << " * " << values[i + 1];
  }
}

TEST(High_mul, of_the_two_lowest_saturates) {
  EXPECT_EQ(saturating_rounding_doubling_high_mul(kLowest, kLowest), kHighest);
  EXPECT_EQ(saturating_rounding_doubling_high_mul(int16_t{-32768}, int16_t{-32768}), 32767);
}

TEST(High_mul, of_16_bits_equals_the_nudge_and_truncation_of_gemmlowp) {
  Random random(5);
  for (int i = 0; i < 20000; ++i) {
    const auto a = static_cast<int16_t>(random.bits());
    const auto b = static_cast<int16_t>(random.bits());
    if (a == -32768 && b == -32768) continue;
    const int32_t product = int32_t{a} * b;
    const int32_t nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
    ASSERT_EQ(saturating_rounding_doubling_high_mul(a, b), (product + nudge) / (1 << 15));
  }
}

TEST(Divide_by_power_of_two, rounds_halves_away_from_zero) {
  EXPECT_EQ(rounding_divide_by_power_of_two(5, 1), 3);
  EXPECT_EQ(rounding_divide_by_power_of_two(-5, 1), -3);
  EXPECT_EQ(rounding_divide_by_power_of_two(6, 2), 2);
  EXPECT_EQ(rounding_divide_by_power_of_two(-6, 2), -2);
  EXPECT_EQ(rounding_divide_by_power_of_two(7, 0), 7);
  EXPECT_EQ(rounding_divide_by_power_of_two(kLowest, 31), -1);
  EXPECT_EQ(rounding_divide_by_power_of_two(kHighest, 31), 1);
  for (const int32_t x : accumulators()) {
    for (int exponent = 0; exponent <= 31; ++exponent) {
      ASSERT_EQ(rounding_divide_by_power_of_two(x, exponent), divide_half_away(x, exponent));
    }
  }
}

TEST(Double_rounding, rounds_the_product_and_then_the_shift) {
  for (const double ratio : ratios()) {
    const Multiplier m = quantize_multiplier(ratio);
    for (const int32_t acc : accumulators()) {
      const auto shifted =
          static_cast<int32_t>(static_cast<uint32_t>(acc) << std::max(m.exponent, 0));
      const int64_t product = divide_half_up(Wide{shifted} * m.significand, 31);
      ASSERT_EQ(DoubleRounding::apply(acc, m), divide_half_away(product, std::max(-m.exponent, 0)));
    }
  }
}

TEST(Double_rounding, of_hand_computed_ties) {
  // 0.25: the product 0.5 rounds up to 1, then 1/2 rounds away to 1. Rounded once it would be 0.
  EXPECT_EQ(DoubleRounding::apply(1, quantize_multiplier(0.25)), 1);
  EXPECT_EQ(DoubleRounding::apply(-1, quantize_multiplier(0.25)), 0);
  // -1.5 after the product: away from zero, or up.
  EXPECT_EQ(DoubleRounding::apply(-6, quantize_multiplier(0.25)), -2);
  EXPECT_EQ(DoubleRoundingHalfUp::apply(-6, quantize_multiplier(0.25)), -1);
}

TEST(Double_rounding_half_up, rounds_the_product_and_then_the_shift_up) {
  for (const double ratio : ratios()) {
    const Multiplier m = quantize_multiplier(ratio);
    const int shift = std::max(-m.exponent, 0);
    for (const int32_t acc : accumulators()) {
      const auto shifted =
          static_cast<int32_t>(static_cast<uint32_t>(acc) << std::max(m.exponent, 0));
      const int64_t product = divide_half_up(Wide{shifted} * m.significand, 31);
      const int64_t expected = shift == 0 ? product : divide_half_up(product, shift);
      ASSERT_EQ(DoubleRoundingHalfUp::apply(acc, m), static_cast<int32_t>(expected));
    }
  }
}

TEST(Wide_rounding, uses_fifteen_bits_of_the_multiplier) {
  Random random(3);
  for (const double ratio : ratios()) {
    const Multiplier m = quantize_multiplier(ratio);
    const int64_t reduced = m.significand < 0x7fff0000 ? (m.significand + 0x8000) >> 16 : 0x7fff;
    for (int i = 0; i < 300; ++i) {
      const int64_t acc = static_cast<int64_t>(random.bits()) << 16 >> random.below(48);
      const int64_t expected = divide_half_up(Wide{acc >> 17} * reduced, 15 - m.exponent);
      ASSERT_EQ(WideRounding::apply(acc >> 17, m), static_cast<int32_t>(expected));
    }
  }
  EXPECT_EQ(WideRounding::apply(100, quantize_multiplier(1.0 - 0x1p-30)), 100);  // 0x7fff, not 2^15
}

TEST(Float_half_even, rounds_ties_to_even_and_saturates) {
  EXPECT_EQ(FloatHalfEven::apply(1, 0.5f), 0);
  EXPECT_EQ(FloatHalfEven::apply(3, 0.5f), 2);
  EXPECT_EQ(FloatHalfEven::apply(5, 0.5f), 2);
  EXPECT_EQ(FloatHalfEven::apply(-3, 0.5f), -2);
  EXPECT_EQ(FloatHalfEven::apply(kHighest, 1.0f), 1 << 22);
  EXPECT_EQ(FloatHalfEven::apply(kLowest, 1.0f), -(1 << 22));
  EXPECT_EQ(FloatHalfEven::apply((1 << 24) + 1, 0x1p-4f), 1 << 20);  // the conversion rounds too
}

TEST(Round_half_even, agrees_with_the_library) {
  Random random(41);
  for (int i = 0; i < 20000; ++i) {
    const auto x = static_cast<float>(random.uniform(-1, 1) * std::exp2(random.uniform(-4, 22)));
    ASSERT_EQ(round_half_even(x), std::lrint(x)) << x;
    const auto tie = static_cast<float>(random.between(-100000, 100000)) + 0.5f;
    ASSERT_EQ(round_half_even(tie), std::lrint(tie)) << tie;
  }
}

TEST(Rounding, of_not_a_number_is_defined) {
  EXPECT_EQ(round_half_even(std::nanf("")), -(1 << 22));
  EXPECT_EQ(round_half_away(std::nan("")), kLowest);
}

TEST(Double_product, rounds_ties_away_and_saturates) {
  EXPECT_EQ(DoubleProduct<int32_t>::apply(1, 0.5), 1);
  EXPECT_EQ(DoubleProduct<int32_t>::apply(-1, 0.5), -1);
  EXPECT_EQ(DoubleProduct<int64_t>::apply(int64_t{1} << 50, 1.0), kHighest);
  EXPECT_EQ(DoubleProduct<int64_t>::apply(-(int64_t{1} << 50), 1.0), kLowest);
}

}  // namespace
}  // namespace litesmith::kernels
