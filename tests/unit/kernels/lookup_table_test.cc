#include "kernels/lookup_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/table_functions.h"

namespace litesmith::kernels {
namespace {

TEST(LookupTable, holds_the_function_of_every_code) {
  const TableScales scales = {0.03f, 5, 1.0f / 128, 0};
  const ByteTable table = litert_table<int8_t>(scales, correct_tanh);
  for (int code = -128; code < 128; ++code) {
    const double wanted = std::tanh(0.03 * (code - 5)) * 128;
    const auto got = static_cast<int8_t>(table[static_cast<uint8_t>(code)]);
    EXPECT_NEAR(got, std::clamp(wanted, -128.0, 127.0), 0.51) << code;
  }
}

TEST(LookupTable, halves_go_away_from_zero_and_for_XNNPACK_to_even_with_the_zero_point) {
  auto half = [](float x) { return 0.5f * x; };
  const TableScales scales = {1.0f, 0, 1.0f, 1};
  const ByteTable litert = litert_table<int8_t>(scales, half);
  const ByteTable xnnpack = xnnpack_table<int8_t>(scales, half);
  EXPECT_EQ(litert[1], 2);   // round(0.5) + 1
  EXPECT_EQ(xnnpack[1], 2);  // rint(0.5 + 1)
  EXPECT_EQ(litert[3], 3);   // round(1.5) + 1
  EXPECT_EQ(xnnpack[3], 2);  // rint(1.5 + 1)
}

TEST(LookupTable, saturates_at_infinity) {
  auto huge = [](float x) { return x > 0 ? std::numeric_limits<float>::infinity() : -1e30f; };
  const ByteTable table = litert_table<uint8_t>({1.0f, 128, 1.0f, 0}, huge);
  EXPECT_EQ(table[200], 255);
  EXPECT_EQ(table[10], 0);
}

// The points lie 65535 / 512 codes apart, where the interpolation takes 128, and the slope is 8.
TEST(ShortTable, follows_a_smooth_function_to_a_five_thousandth) {
  const ShortTable table = litert_short_table<float>(8.0f / 32768, 0, 1.0f / 32768, 0,
                                                     [](float x) { return std::tanh(x); });
  for (int x = -32768; x <= 32767; x += 7) {
    const double wanted = 32768 * std::tanh(x * 8.0 / 32768);
    EXPECT_NEAR(look_up(table, static_cast<int16_t>(x)), std::min(wanted, 32767.0), 32768 / 5000.0)
        << x;
  }
}

TEST(ShortTable, holds_0_where_the_function_has_no_value) {
  const auto table = litert_short_table<float>(1.0f / 4096, 0, 1.0f / 4096, 0,
                                               [](float x) { return std::log(x); });
  EXPECT_EQ(table[0], 0);    // of -8
  EXPECT_EQ(table[100], 0);  // below zero
  EXPECT_NE(table[400], 0);
}

TEST(ShortTable, interpolates_up_to_the_last_code) {
  const ShortTable line =
      litert_short_table<double>(1.0 / 32768, 0, 1.0 / 32768, 0, [](double x) { return x / 2; });
  EXPECT_EQ(look_up(line, int16_t{32767}), 16384);
  EXPECT_EQ(look_up(line, int16_t{-32768}), -16384);
  EXPECT_EQ(look_up(line, int16_t{100}), 50);
}

}  // namespace
}  // namespace litesmith::kernels
