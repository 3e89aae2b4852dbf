#include "kernels/resize_bilinear.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/random.h"

namespace litesmith::kernels {
namespace {

using Ints = std::vector<int32_t>;
constexpr ResizeRule kAsymmetric = {};
constexpr ResizeRule kCorners = {.align_corners = true};
constexpr ResizeRule kHalfPixels = {.half_pixel_centers = true};

TEST(BilinearTaps, of_twice_the_size_by_each_rule) {
  EXPECT_EQ(float_taps(2, 4, kAsymmetric).weight, (std::vector<float>{0, 0.5f, 0, 0.5f}));
  EXPECT_EQ(float_taps(2, 3, kCorners).weight, (std::vector<float>{0, 0.5f, 0}));
  EXPECT_EQ(float_taps(2, 4, kHalfPixels).weight,
            (std::vector<float>{-0.25f, 0.25f, 0.75f, 0.25f}));
  EXPECT_EQ(float_taps(2, 4, kHalfPixels).low, (Ints{0, 0, 0, 1}));
  EXPECT_EQ(float_taps(2, 4, kHalfPixels).high, (Ints{0, 1, 1, 1}));
}

TEST(BilinearTaps, integer_scales_are_rounded_to_ten_bits_and_weights_to_eleven) {
  EXPECT_EQ(tenth_bit_taps(2, 3, kAsymmetric).weight,
            (Ints{0, 683, 342}));  // 1024 * 2 / 3 = 682.67
  EXPECT_EQ(eleventh_bit_taps(2, 3, kAsymmetric).weight,
            (Ints{0, 1365, 0}));  // the last is clamped
  EXPECT_EQ(tenth_bit_taps(2, 4, kHalfPixels).weight, (Ints{-256, 256, 768, 256}));
  EXPECT_EQ(eleventh_bit_taps(2, 4, kHalfPixels).weight, (Ints{0, 512, 1536, 0}));
}

TEST(BilinearTaps, stay_inside_the_image) {
  Random random(2);
  for (int round = 0; round < 200; ++round) {
    const int32_t input = random.between(1, 40);
    const int32_t output = random.between(1, 5000);
    for (const ResizeRule rule : {kAsymmetric, kCorners, kHalfPixels}) {
      auto inside = [&](const auto& taps) {
        for (size_t i = 0; i < taps.low.size(); ++i) {
          ASSERT_TRUE(taps.low[i] >= 0 && taps.low[i] <= taps.high[i] && taps.high[i] < input);
        }
      };
      inside(float_taps(input, output, rule));
      inside(tenth_bit_taps(input, output, rule));
      inside(eleventh_bit_taps(input, output, rule));
    }
  }
}

// All kernels agree with the real interpolation to within their rounding: half a step, and what the
// weights' rounding moves a value of at most 255 steps.
TEST(ResizeBilinear, every_arithmetic_is_close_to_the_real_one) {
  Random random(3);
  const ImageSize size = {1, 5, 7, 3};
  const auto in = random.integers<int8_t>(5 * 7 * 3);
  std::vector<float> real(in.begin(), in.end());
  for (const ResizeRule rule : {kAsymmetric, kCorners, kHalfPixels}) {
    std::vector<float> expected(9 * 11 * 3);
    resize_bilinear(size, float_taps(5, 9, rule), float_taps(7, 11, rule), real.data(),
                    expected.data());
    std::vector<int8_t> twenty(expected.size());
    resize_bilinear_20_bits(size, tenth_bit_taps(5, 9, rule), tenth_bit_taps(7, 11, rule),
                            in.data(), twenty.data());
    std::vector<int8_t> twenty_two(expected.size());
    resize_bilinear_22_bits(size, eleventh_bit_taps(5, 9, rule), eleventh_bit_taps(7, 11, rule),
                            in.data(), twenty_two.data());
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_LE(std::abs(static_cast<float>(twenty[i]) - expected[i]), 3.0f);
      EXPECT_LE(std::abs(static_cast<float>(twenty_two[i]) - expected[i]), 0.75f);
    }
  }
}

TEST(ResizeBilinear, halves_go_away_from_zero_in_20_bits_and_up_in_22) {
  // The middle of 0 and -1 is -0.5.
  const ImageSize size = {1, 1, 2, 1};
  const std::vector<int8_t> in = {0, -1};
  std::vector<int8_t> out(3);
  resize_bilinear_20_bits(size, tenth_bit_taps(1, 1, kCorners), tenth_bit_taps(2, 3, kCorners),
                          in.data(), out.data());
  EXPECT_EQ(out, (std::vector<int8_t>{0, -1, -1}));
  resize_bilinear_22_bits(size, eleventh_bit_taps(1, 1, kCorners),
                          eleventh_bit_taps(2, 3, kCorners), in.data(), out.data());
  EXPECT_EQ(out, (std::vector<int8_t>{0, 0, -1}));
}

TEST(ResizeBilinear, uint8_is_truncated_after_adding_a_half) {
  const ImageSize size = {1, 1, 2, 1};
  const std::vector<uint8_t> in = {10, 13};
  std::vector<uint8_t> out(4);
  for (const WeightOrder order : {WeightOrder::one_by_one, WeightOrder::product}) {
    resize_bilinear_uint8(size, float_taps(1, 1, kAsymmetric), float_taps(2, 4, kAsymmetric), order,
                          in.data(), out.data());
    EXPECT_EQ(out, (std::vector<uint8_t>{10, 12, 13, 13}));  // 11.5 goes up
  }
}

}  // namespace
}  // namespace litesmith::kernels
