#include "kernels/quantized_multiply.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"
#include "testing/random.h"

namespace litesmith::kernels {
namespace {

template <class Parameters>
Parameters int8_range(int z1, int z2, int zo) {
  Parameters p;
  p.zero_point_first = z1;
  p.zero_point_second = z2;
  p.zero_point_out = zo;
  p.min = -128;
  p.max = 127;
  return p;
}

TEST(QuantizedMultiply, is_within_half_a_step_of_the_real_product) {
  Random random(1);
  for (int round = 0; round < 50; ++round) {
    const int z1 = random.between(-128, 127);
    const int z2 = random.between(-128, 127);
    const int zo = random.between(-128, 127);
    const auto ratio = static_cast<float>(std::exp2(random.uniform(-14, -9)));
    auto p = int8_range<Multiplication>(z1, z2, zo);
    p.multiplier = quantize_multiplier(ratio);
    auto x = int8_range<XnnpackMultiplication>(z1, z2, zo);
    x.scale = ratio;
    const auto a = random.integers<int8_t>(200);
    const auto b = random.integers<int8_t>(200);
    std::vector<int8_t> out(200);
    std::vector<int8_t> xnnpack(200);
    multiply(p, a.data(), 1, b.data(), 1, out.data(), 200);
    multiply(x, a.data(), 1, b.data(), 1, xnnpack.data(), 200);
    for (size_t i = 0; i < 200; ++i) {
      const double wanted =
          std::clamp(double{ratio} * (a[i] - z1) * (b[i] - z2) + zo, -128.0, 127.0);
      EXPECT_NEAR(out[i], wanted, 0.502);
      EXPECT_NEAR(xnnpack[i], wanted, 0.501);
    }
  }
}

TEST(QuantizedMultiply, halves_go_away_from_zero_and_for_XNNPACK_to_even) {
  auto p = int8_range<Multiplication>(0, 0, 0);
  p.multiplier = quantize_multiplier(0.25);
  auto x = int8_range<XnnpackMultiplication>(0, 0, 0);
  x.scale = 0.25f;
  const std::vector<int8_t> a = {2, 6, 10, -2, -6};
  const int8_t one = 1;
  std::vector<int8_t> out(5);
  multiply(p, a.data(), 1, &one, 0, out.data(), 5);
  EXPECT_EQ(out, (std::vector<int8_t>{1, 2, 3, -1, -2}));
  multiply(x, a.data(), 1, &one, 0, out.data(), 5);
  EXPECT_EQ(out, (std::vector<int8_t>{0, 2, 2, 0, -2}));
}

TEST(QuantizedMultiply, of_vectors_narrows_before_it_adds_the_zero_point) {
  auto p = int8_range<Multiplication>(0, 0, 100);
  p.multiplier = quantize_multiplier(10.0);
  const std::vector<int8_t> a(16, 127);
  std::vector<int8_t> out(16);
  auto first = [&](Narrowing narrowing) {
    p.narrowing = narrowing;
    p.group = 16;
    multiply(p, a.data(), 1, a.data(), 1, out.data(), 16);
    return out[0];
  };
  EXPECT_EQ(first(Narrowing::none), 127);
  EXPECT_EQ(first(Narrowing::saturates), -128);  // 32767 + 100 wraps
  EXPECT_EQ(first(Narrowing::wraps), 127);       // 161290 is 30218 in 16 bits
}

TEST(QuantizedDivide, is_close_to_the_real_quotient) {
  auto p = int8_range<Division>(0, 0, 0);
  p.multiplier = quantize_multiplier(8.0);
  for (int a = -128; a < 128; ++a) {
    for (int b = -128; b < 128; ++b) {
      if (std::abs(8 * a) < std::abs(b) || b == 0) continue;
      const auto x = static_cast<int8_t>(a);
      const auto y = static_cast<int8_t>(b);
      int8_t out = 0;
      divide(p, &x, 1, &y, 1, &out, 1);
      EXPECT_NEAR(out, std::clamp(8.0 * a / b, -128.0, 127.0), 0.501) << a << " / " << b;
    }
  }
}

TEST(QuantizedDivide, goes_wrong_like_LiteRT_where_a_shift_passes_31) {
  auto p = int8_range<Division>(0, 0, 0);
  p.multiplier = quantize_multiplier(8.0);
  const std::vector<int8_t> a = {-2, -3, -8};
  const std::vector<int8_t> b = {64, -128, 64};
  std::vector<int8_t> out(3);
  divide(p, a.data(), 1, b.data(), 1, out.data(), 3);
  EXPECT_EQ(out[0], -128);  // truly -0.25
  EXPECT_EQ(out[1], 127);   // truly 0.19
  EXPECT_EQ(out[2], -1);
}

TEST(QuantizedDivide, by_zero_saturates) {
  auto p = int8_range<Division>(0, 5, 3);
  p.multiplier = quantize_multiplier(1.0);
  const std::vector<int8_t> a = {7, -7, 0};
  const int8_t zero = 5;
  std::vector<int8_t> out(3);
  divide(p, a.data(), 1, &zero, 0, out.data(), 3);
  EXPECT_EQ(out, (std::vector<int8_t>{127, -128, 3}));
}

TEST(QuantizedSquaredDifference, is_close_to_the_real_one) {
  Random random(3);
  const float s1 = 0.02f;
  const float s2 = 0.03f;
  const float so = 0.1f;
  auto p = prepare_squared_differences(s1, s2, so);
  p.min = -128;
  p.max = 127;
  p.zero_point_out = -128;
  const auto a = random.integers<int8_t>(2000);
  const auto b = random.integers<int8_t>(2000);
  std::vector<int8_t> out(2000);
  squared_difference(p, a.data(), 1, b.data(), 1, out.data(), 2000);
  for (size_t i = 0; i < out.size(); ++i) {
    const double d = double{s1} * a[i] - double{s2} * b[i];
    EXPECT_NEAR(out[i], std::clamp(d * d / so - 128, -128.0, 127.0), 1.0);
  }
  EXPECT_THROW(prepare_squared_differences(100.0f, 100.0f, 1e-3f), Error);
}

}  // namespace
}  // namespace litesmith::kernels
