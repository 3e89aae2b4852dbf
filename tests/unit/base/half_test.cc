#include "base/half.h"

#include <gtest/gtest.h>

#include <cmath>

namespace litesmith {
namespace {

TEST(Half, every_half_survives_a_round_trip) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = half_to_float(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(half_to_float(float_to_half(value))));
    } else {
      EXPECT_EQ(float_to_half(value), half);
    }
  }
}

TEST(Half, ties_go_to_even) {
  EXPECT_EQ(float_to_half(2049.0f), float_to_half(2048.0f));
  EXPECT_EQ(float_to_half(2051.0f), float_to_half(2052.0f));
  EXPECT_EQ(float_to_half(0x1p-25f), 0);             // half of the smallest: tie to zero
  EXPECT_EQ(float_to_half(0x1.8p-24f), 2);           // 1.5 steps: tie to two
  EXPECT_EQ(half_to_float(float_to_half(65519.0f)), 65504.0f);
  EXPECT_TRUE(std::isinf(half_to_float(float_to_half(65520.0f))));
}

}  // namespace
}  // namespace litesmith
