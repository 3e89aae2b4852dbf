#include "kernels/quantized_activation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "base/error.h"

namespace litesmith::kernels {
namespace {

std::vector<int8_t> all_int8() {
  std::vector<int8_t> codes(256);
  std::iota(codes.begin(), codes.end(), static_cast<int8_t>(-128));
  return codes;
}

template <class Parameters>
Parameters with_zero_points(int in, int out) {
  Parameters p;
  p.zero_point_in = in;
  p.zero_point_out = out;
  p.min = -128;
  p.max = 127;
  return p;
}

TEST(QuantizedRelu, rescales_and_clamps) {
  auto p = with_zero_points<Relu>(-10, 5);
  p.multiplier = quantize_multiplier(0.5);
  p.min = 5;
  const auto in = all_int8();
  std::vector<int8_t> out(256);
  relu(p, in.data(), out.data(), 256);
  for (size_t i = 0; i < 256; ++i) {
    EXPECT_NEAR(out[i], std::clamp(0.5 * (in[i] + 10) + 5, 5.0, 127.0), 0.501);
  }
}

TEST(QuantizedLeakyRelu, is_close_to_the_real_one_in_both_arithmetics) {
  const float ratio = 1.3f;
  const float alpha = -0.4f;
  auto p = with_zero_points<LeakyRelu>(7, -20);
  p.positive = quantize_multiplier(ratio);
  p.negative = quantize_multiplier(ratio * alpha);
  auto x = with_zero_points<XnnpackLeakyRelu>(7, -20);
  x.positive = static_cast<int32_t>(std::nearbyint(256 * ratio));
  x.negative = static_cast<int32_t>(std::nearbyint(256 * ratio * alpha));
  const auto in = all_int8();
  std::vector<int8_t> out(256);
  std::vector<int8_t> xnnpack(256);
  leaky_relu(p, in.data(), out.data(), 256);
  leaky_relu(x, in.data(), xnnpack.data(), 256);
  for (size_t i = 0; i < 256; ++i) {
    const double d = in[i] - 7;
    const double wanted = std::clamp(ratio * (d >= 0 ? d : d * alpha) - 20.0, -128.0, 127.0);
    EXPECT_NEAR(out[i], wanted, 0.501);
    EXPECT_NEAR(xnnpack[i], wanted, 0.8);  // its multipliers have 8 fractional bits
  }
}

TEST(QuantizedLeakyRelu, of_a_negative_multiplier_rounds_as_its_magnitude_or_as_it_is) {
  auto p = with_zero_points<LeakyRelu>(0, 0);
  p.positive = quantize_multiplier(1.0);
  p.negative = quantize_multiplier(-0.5);
  const std::vector<int16_t> in = {-1, -3, -5};
  std::vector<int16_t> out(3);
  leaky_relu(p, in.data(), out.data(), 3);
  EXPECT_EQ(out, (std::vector<int16_t>{0, 1, 2}));
  p.by_magnitude = false;
  leaky_relu(p, in.data(), out.data(), 3);
  EXPECT_EQ(out, (std::vector<int16_t>{1, 2, 3}));
}

TEST(QuantizedPrelu, multiplies_by_alpha_below_zero) {
  auto p = with_zero_points<Prelu>(0, 0);
  p.zero_point_alpha = 10;
  p.positive = quantize_multiplier(1.0);
  p.negative = quantize_multiplier(0.1);
  const std::vector<int8_t> in = {50, -50, -100};
  const std::vector<int8_t> alpha = {30, 30, 15};
  std::vector<int8_t> out(3);
  prelu(p, in.data(), 1, alpha.data(), 1, out.data(), 3);
  EXPECT_EQ(out, (std::vector<int8_t>{50, -100, -50}));
}

TEST(QuantizedHardSwish, is_within_one_step_of_the_real_one) {
  for (const float scale_in : {0.02f, 0.05f, 0.2f}) {
    const float scale_out = scale_in * 0.8f;
    HardSwish p = prepare_hard_swish(scale_in, scale_out);
    p.zero_point_in = 4;
    p.zero_point_out = -100;
    p.min = -128;
    p.max = 127;
    const auto in = all_int8();
    std::vector<int8_t> out(256);
    hard_swish(p, in.data(), out.data(), 256);
    for (size_t i = 0; i < 256; ++i) {
      const double x = scale_in * (in[i] - 4);
      const double y = x * std::clamp(x + 3, 0.0, 6.0) / 6;
      EXPECT_NEAR(out[i], std::clamp(y / scale_out - 100, -128.0, 127.0), 1.01);
    }
  }
}

TEST(QuantizedHardSwish, refuses_an_output_scale_LiteRT_refuses) {
  EXPECT_THROW(prepare_hard_swish(1.0f, 1.0f / 200), Error);
}

TEST(QuantizedMagnitude, keeps_the_step_or_rescales) {
  auto p = with_zero_points<Magnitude>(10, -128);
  const std::vector<int8_t> in = {10, 11, 9, -128, 127};
  std::vector<int8_t> out(5);
  magnitude(p, in.data(), out.data(), 5);
  EXPECT_EQ(out, (std::vector<int8_t>{-128, -127, -127, 10, -11}));
  p.rescales = true;
  p.multiplier = quantize_multiplier(2.0);
  magnitude(p, in.data(), out.data(), 5);
  EXPECT_EQ(out, (std::vector<int8_t>{-128, -126, -126, 127, 106}));
}

}  // namespace
}  // namespace litesmith::kernels
