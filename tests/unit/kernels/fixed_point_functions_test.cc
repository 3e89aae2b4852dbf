#include "kernels/fixed_point_functions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/random.h"

namespace litesmith::kernels {
namespace {

TEST(FixedPointFunctions, exp_of_q5_is_close_to_exp) {
  Random random(1);
  for (int i = 0; i < 10000; ++i) {
    const auto raw = static_cast<int32_t>(-random.uniform(0, 16) * 0x1p26);
    const double wanted = std::exp(raw * 0x1p-26);
    EXPECT_NEAR(exp_of_negative<int32_t>(raw, 5) * 0x1p-31, wanted, 3e-7) << raw;
  }
}

TEST(FixedPointFunctions, exp_of_zero_is_the_largest_number) {
  EXPECT_EQ(exp_of_negative<int32_t>(0, 5), 0x7fffffff);
  EXPECT_EQ(exp_of_negative<int16_t>(0, 3), 0x7fff);
}

TEST(FixedPointFunctions, logistic_of_every_q3_is_within_eight_steps) {
  for (int x = -32768; x <= 32767; ++x) {
    const double wanted = 32768 / (1 + std::exp(-x / 4096.0));
    EXPECT_NEAR(logistic_q3(static_cast<int16_t>(x)), wanted, 8) << x;
  }
}

TEST(FixedPointFunctions, tanh_of_every_q3_is_within_twelve_steps_and_odd) {
  for (int x = -32767; x <= 32767; ++x) {
    const auto y = tanh_q3(static_cast<int16_t>(x));
    EXPECT_NEAR(y, 32768 * std::tanh(x / 4096.0), 12) << x;
    EXPECT_EQ(tanh_q3(static_cast<int16_t>(-x)), -y) << x;
  }
}

TEST(FixedPointFunctions, logistic_of_zero_is_a_half) { EXPECT_EQ(logistic_q3(0), 16384); }

TEST(FixedPointFunctions, log_of_q12_is_close_to_log) {
  Random random(2);
  for (int i = 0; i < 10000; ++i) {
    const double x = std::exp(random.uniform(0, 8.3));
    const auto raw = static_cast<int32_t>(x * 0x1p19);
    EXPECT_NEAR(log_q12_to_q5(raw) * 0x1p-26, std::log(raw * 0x1p-19), 1e-6) << raw;
  }
}

TEST(FixedPointFunctions, reciprocal_of_an_integer_is_a_quotient_and_a_shift) {
  for (const int32_t x : {1, 2, 3, 5, 7, 100, 255, 256, 32767, 65535, 0x7fffffff}) {
    const Reciprocal r = reciprocal(x, 31);
    EXPECT_NEAR(std::ldexp(r.q0 * 0x1p-31, -r.shift) * x, 1.0, 1e-8) << x;
  }
}

}  // namespace
}  // namespace litesmith::kernels
