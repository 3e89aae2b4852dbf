#include "kernels/int16_sigmoid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace litesmith::kernels {
namespace {

std::vector<int16_t> all_int16() {
  std::vector<int16_t> codes(65536);
  std::iota(codes.begin(), codes.end(), static_cast<int16_t>(-32768));
  return codes;
}

TEST(Int16Sigmoid, logistic_by_table_is_within_two_steps) {
  const auto in = all_int16();
  std::vector<int16_t> out(in.size());
  for (const float scale : {1e-5f, 0.0003f, 0.001f}) {
    logistic_by_table(prepare_sigmoid(scale), in.data(), out.data(), 65536);
    for (size_t i = 0; i < in.size(); ++i) {
      const double wanted = 32768 / (1 + std::exp(-double{scale} * in[i]));
      ASSERT_NEAR(out[i], std::min(wanted, 32767.0), 2.1) << scale << " " << in[i];
    }
  }
}

TEST(Int16Sigmoid, tanh_by_table_is_within_three_steps) {
  const auto in = all_int16();
  std::vector<int16_t> out(in.size());
  for (const float scale : {1e-5f, 0.0003f}) {
    tanh_by_table(prepare_sigmoid(scale), in.data(), out.data(), 65536);
    for (size_t i = 0; i < in.size(); ++i) {
      const double wanted = 32768 * std::tanh(double{scale} * in[i]);
      ASSERT_NEAR(out[i], std::min(wanted, 32767.0), 3.1) << scale << " " << in[i];
    }
  }
}

TEST(Int16Sigmoid, first_entries_of_the_table_are_LiteRTs) {
  // Steps of 512 / (3 * 4096) are 1/24, the table's own.
  const std::vector<int16_t> in = {0, 512, 1024, 1536, 2048};
  std::vector<int16_t> out(5);
  logistic_by_table({1, 0}, in.data(), out.data(), 5);
  EXPECT_EQ(out, (std::vector<int16_t>{16384, 16726, 17067, 17407, 17747}));
}

TEST(Int16Sigmoid, powers_of_two_need_no_multiplier) {
  EXPECT_EQ(power_of_two_sigmoid(0).multiplier, 3);
  EXPECT_EQ(power_of_two_sigmoid(1).multiplier, 6);
  EXPECT_EQ(power_of_two_sigmoid(1).shift, 0);
}

TEST(Int16Sigmoid, takes_scales_within_a_thousandth_for_powers_of_two) {
  EXPECT_TRUE(checked_log2(0x1p-12f).is_power_of_two);
  EXPECT_EQ(checked_log2(0x1p-12f).exponent, -12);
  EXPECT_TRUE(checked_log2(8.0f / 32767).is_power_of_two);
  EXPECT_FALSE(checked_log2(0x1.01p-12f).is_power_of_two);
  EXPECT_FALSE(checked_log2(0.0f).is_power_of_two);
}

}  // namespace
}  // namespace litesmith::kernels
