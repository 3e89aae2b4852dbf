#include "kernels/dynamic_quantization.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/kernel_set.h"
#include "testing/random.h"

namespace litesmith::kernels {
namespace {

std::vector<int> quantize(DynamicScheme scheme, const std::vector<float>& values,
                          DynamicAffine expected) {
  std::vector<int8_t> quantized(values.size());
  EXPECT_EQ(quantize_dynamically(scheme, values, quantized.data()), expected);
  return {quantized.begin(), quantized.end()};
}

TEST(Symmetric, maps_the_largest_magnitude_to_127) {
  EXPECT_EQ(quantize(DynamicScheme::symmetric, {-254, 2, 100, 0}, {2, 0}),
            (std::vector{-127, 1, 50, 0}));
}

TEST(Symmetric, of_zeros_has_scale_one) {
  EXPECT_EQ(quantize(DynamicScheme::symmetric, {0, -0.0f}, {1, 0}), (std::vector{0, 0}));
}

// LiteRT's NEON code, which x86 runs too: x + 0.5 is rounded to 1 before its fraction is cut off.
TEST(Symmetric, rounds_just_below_a_half_up_in_groups_of_eight_only) {
  const float below_half = std::nextafter(0.5f, 0.0f);
  std::vector<float> values(12, below_half);
  values[0] = 127;
  values[1] = -below_half;
  EXPECT_EQ(quantize(DynamicScheme::symmetric, values, {1, 0}),
            (std::vector{127, -1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0}));
}

TEST(Symmetric, rounds_halves_away_from_zero) {
  EXPECT_EQ(quantize(DynamicScheme::symmetric, {127, 2.5f, -2.5f, 0.5f}, {1, 0}),
            (std::vector{127, 3, -3, 1}));
}

TEST(Asymmetric, puts_the_range_on_all_codes) {
  EXPECT_EQ(quantize(DynamicScheme::asymmetric, {-27.5f, 100, 0, 0.5f}, {0.5f, -73}),
            (std::vector{-128, 127, -73, -72}));
}

TEST(Asymmetric, range_reaches_to_zero) {
  EXPECT_EQ(quantize(DynamicScheme::asymmetric, {51, 255}, {1, -128}), (std::vector{-77, 127}));
  EXPECT_EQ(quantize(DynamicScheme::asymmetric, {-51, -255}, {1, 127}), (std::vector{76, -128}));
}

TEST(Asymmetric, of_zeros_has_scale_one) {
  EXPECT_EQ(quantize(DynamicScheme::asymmetric, {0, 0}, {1, 0}), (std::vector{0, 0}));
}

TEST(Xnnpack, rounds_halves_to_even) {
  EXPECT_EQ(quantize(DynamicScheme::xnnpack, {-128, 127, 0.5f, 1.5f, 2.5f, -0.5f}, {1, 0}),
            (std::vector{-128, 127, 0, 2, 2, 0}));
}

TEST(Xnnpack, of_zeros_has_scale_one) {
  std::vector<int8_t> quantized(2);
  const DynamicAffine affine =
      quantize_dynamically(DynamicScheme::xnnpack, std::vector<float>{0, 0}, quantized.data());
  EXPECT_EQ(affine.scale, 1);
  EXPECT_EQ(quantized[0], affine.zero_point);
}

TEST(Every_scheme, takes_what_is_no_number) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const auto scheme :
       {DynamicScheme::symmetric, DynamicScheme::asymmetric, DynamicScheme::xnnpack}) {
    for (const std::vector<float>& values :
         {std::vector<float>{nan, 1, -1},
          {infinity, 1, -1},
          {-infinity, infinity, nan},
          {std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest(), 1}}) {
      std::vector<int8_t> quantized(values.size());
      quantize_dynamically(scheme, values, quantized.data());  // no trap, no overflow
    }
  }
}

// Halves and their neighbours among the values, and now and then what is no number.
std::vector<float> awkward_values(Random& random, size_t count) {
  std::vector<float> values = random.floats(count, -3, 5);
  for (float& value : values) {
    switch (random.below(8)) {
      case 0:
        value = static_cast<float>(random.between(-40, 40)) / 16;
        break;
      case 1:
        value = std::nextafter(static_cast<float>(random.between(-40, 40)) / 16, 0.0f);
        break;
      case 2:
        if (random.below(50) == 0) value = std::numeric_limits<float>::quiet_NaN();
        break;
      default:
        break;
    }
  }
  return values;
}

TEST(Every_scheme, gives_the_same_on_every_instruction_set) {
  Random random(3);
  for (size_t count = 0; count < 150; ++count) {
    const std::vector<float> values = awkward_values(random, count);
    for (const auto scheme :
         {DynamicScheme::symmetric, DynamicScheme::asymmetric, DynamicScheme::xnnpack}) {
      std::vector<int8_t> expected(count);
      const DynamicAffine affine = quantize_dynamically(scheme, values, expected.data());
      for (const Isa isa : supported_isas()) {
        std::vector<int8_t> quantized(count);
        EXPECT_EQ(quantize_dynamically(*kernel_set(isa).dynamic, scheme, values, quantized.data()),
                  affine);
        EXPECT_EQ(quantized, expected) << to_string(isa) << ", " << count << " values";
      }
    }
  }
}

TEST(To_real, keeps_each_order_of_the_scales) {
  const int32_t acc = 16777217;  // rounded to 2^24 first
  EXPECT_EQ(to_real(ScaleOrder::weights_first, acc, 0.5f, 0.25f, 1), 0x1p21f + 1);
  const float w = 0.1f;
  const float s = 0.7f;
  const float value = 12345;
  EXPECT_EQ(to_real(ScaleOrder::weights_first, 12345, w, s, 1), (value * w) * s + 1);
  EXPECT_EQ(to_real(ScaleOrder::input_first, 12345, w, s, 1), (value * s) * w + 1);
  EXPECT_EQ(to_real(ScaleOrder::scales_first, 12345, w, s, 1), value * (w * s) + 1);
  EXPECT_EQ(to_real(ScaleOrder::fused, 12345, w, s, 1), std::fma(value * s, w, 1.0f));
}

}  // namespace
}  // namespace litesmith::kernels
