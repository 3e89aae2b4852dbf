#include "kernels/affine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "testing/random.h"

namespace litesmith::kernels {
namespace {

template <class T>
std::vector<T> quantized(FloatRounding rounding, AffineScale scale, const std::vector<float>& in) {
  std::vector<T> out(in.size());
  quantize(rounding, scale, in.data(), out.data(), static_cast<int64_t>(in.size()));
  return out;
}

TEST(Quantize, halves_go_away_from_zero_in_scalar_code_and_to_even_in_vectors) {
  const std::vector<float> in = {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 3.0f, 4.0f, 0.5f, -2.5f};
  const AffineScale unit = {1.0f, 0};
  EXPECT_EQ(quantized<int8_t>(FloatRounding::reference, unit, in),
            (std::vector<int8_t>{1, 2, 3, -1, -2, -3, 3, 4, 1, -3}));
  // The last two are no whole group of eight.
  EXPECT_EQ(quantized<int8_t>(FloatRounding::vector, unit, in),
            (std::vector<int8_t>{0, 2, 2, 0, -2, -2, 3, 4, 1, -3}));
  EXPECT_EQ(quantized<int8_t>(FloatRounding::xnnpack, unit, in),
            (std::vector<int8_t>{0, 2, 2, 0, -2, -2, 3, 4, 0, -2}));
}

TEST(Quantize, beyond_int32_gives_the_least_code_except_in_XNNPACK) {
  const std::vector<float> in = {1e30f, -1e30f};
  const AffineScale unit = {1.0f, 1};
  EXPECT_EQ(quantized<uint8_t>(FloatRounding::reference, unit, in), (std::vector<uint8_t>{0, 0}));
  EXPECT_EQ(quantized<uint8_t>(FloatRounding::xnnpack, unit, in), (std::vector<uint8_t>{255, 0}));
}

TEST(Quantize, has_a_scale_for_each_channel) {
  const Channels channels = {{{1.0f, 0}, {0.5f, 10}}, 2, 2};
  const std::vector<float> in = {1, 2, 1, 2, 3, 4, 3, 4};
  std::vector<int8_t> out(8);
  quantize(channels, in.data(), out.data());
  EXPECT_EQ(out, (std::vector<int8_t>{1, 2, 12, 14, 3, 4, 16, 18}));
  std::vector<float> back(8);
  dequantize(channels, out.data(), back.data());
  EXPECT_EQ(back, in);
}

TEST(Dequantize, moves_the_zero_point_in_whole_groups_of_eight) {
  Random random(1);
  const auto in = random.integers<int8_t>(12);
  const AffineScale scale = {0.1f, 77};
  std::vector<float> product(12);
  std::vector<float> moved(12);
  dequantize(Dequantization::product, scale, in.data(), product.data(), 12);
  dequantize(Dequantization::moved, scale, in.data(), moved.data(), 12);
  for (size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(product[i], 0.1f * static_cast<float>(in[i] - 77));
    EXPECT_NEAR(moved[i], product[i], 2e-6);
    if (i >= 8) {
      EXPECT_EQ(moved[i], product[i]);
    }
  }
}

TEST(Requantize, is_within_half_a_step) {
  Random random(2);
  const auto in = random.integers<int8_t>(100);
  std::vector<uint8_t> out(100);
  const CodeRequantization p = {quantize_multiplier(1.7), -3, 100, 0};
  requantize(p, in.data(), out.data(), 100);
  for (size_t i = 0; i < 100; ++i) {
    EXPECT_NEAR(out[i], std::clamp(1.7 * (in[i] + 3) + 100, 0.0, 255.0), 0.501);
  }
}

TEST(Requantize, rounds_halves_up_in_whole_groups) {
  const std::vector<int8_t> in(17, -6);
  std::vector<int8_t> out(17);
  const CodeRequantization p = {quantize_multiplier(0.25), 0, 0, 16};
  requantize(p, in.data(), out.data(), 17);
  EXPECT_EQ(out[0], -1);
  EXPECT_EQ(out[16], -2);
}

TEST(Requantize, of_the_same_scale_to_the_other_sign_flips_a_bit) {
  const std::vector<int8_t> in = {-128, -1, 0, 127};
  std::vector<uint8_t> out(4);
  requantize(CodeRequantization{quantize_multiplier(1.0), -100, 28, 0}, in.data(), out.data(), 4);
  EXPECT_EQ(out, (std::vector<uint8_t>{0, 127, 128, 255}));
}

TEST(XnnpackRequantize, has_multipliers_of_eight_bits) {
  const std::vector<int8_t> in = {10, -10, 127};
  std::vector<int8_t> out(3);
  requantize(XnnpackRequantization{384, 0, 1}, in.data(), out.data(), 3);
  EXPECT_EQ(out, (std::vector<int8_t>{16, -14, 127}));
}

}  // namespace
}  // namespace litesmith::kernels
