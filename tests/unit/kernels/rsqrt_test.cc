#include "kernels/rsqrt.h"

#include <gtest/gtest.h>

#include <cmath>

namespace litesmith::kernels {
namespace {

TEST(SquareRoot, is_cut_off_to_steps) {
  const SquareRoot root = {0.5f, -10, 0.1f, -128};
  for (int code = -10; code < 128; ++code) {
    const auto in = static_cast<int8_t>(code);
    int8_t out = 0;
    square_root(root, &in, &out, 1);
    const double wanted = std::sqrt(0.5 * (code + 10)) / 0.1 - 128;
    EXPECT_LE(out, wanted + 1e-3);
    EXPECT_GT(out, wanted - 1.001);
  }
}

TEST(SquareRoot, of_negative_inputs_is_that_of_zero) {
  const int8_t in = -100;
  int8_t out = 0;
  square_root(SquareRoot{0.5f, 0, 0.1f, -7}, &in, &out, 1);
  EXPECT_EQ(out, -7);
}

TEST(InverseRoot, is_within_a_step) {
  const float scale_in = 0.2f;
  const float scale_out = 0.02f;
  const InverseRoot root = {
      quantize_multiplier(1.0 / static_cast<double>(std::sqrt(scale_in) * scale_out)), -128, -128};
  for (int code = -127; code < 128; ++code) {
    const double wanted = 1 / std::sqrt(scale_in * (code + 128)) / scale_out - 128;
    EXPECT_NEAR(inverse_root(root, static_cast<int8_t>(code)), std::min(wanted, 127.0), 1.0);
  }
}

TEST(InverseRoot, of_zero_and_below_is_the_largest_code) {
  const InverseRoot root = {quantize_multiplier(1.0), 5, 0};
  EXPECT_EQ(inverse_root(root, int8_t{5}), 127);
  EXPECT_EQ(inverse_root(root, int8_t{-100}), 127);
}

}  // namespace
}  // namespace litesmith::kernels
