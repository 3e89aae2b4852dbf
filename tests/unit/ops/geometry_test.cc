#include "ops/geometry.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "testing/thrown.h"

namespace litesmith {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

TEST(WindowOutput, same_covers_the_input_by_strides) {
  EXPECT_EQ(window_output(50, 3, 1, 1, Padding::same), 50);
  EXPECT_EQ(window_output(7, 3, 2, 1, Padding::same), 4);
}

TEST(WindowOutput, valid_counts_the_places_where_the_window_fits) {
  for (int input = 1; input <= 12; ++input) {
    for (int window = 1; window <= 4; ++window) {
      for (int stride = 1; stride <= 4; ++stride) {
        for (int dilation = 1; dilation <= 3; ++dilation) {
          int places = 0;
          const int extent = (window - 1) * dilation + 1;
          for (int at = 0; at + extent <= input; at += stride) ++places;
          if (places == 0) {
            ASSERT_THROW(window_output(input, window, stride, dilation, Padding::valid), Error);
          } else {
            ASSERT_EQ(window_output(input, window, stride, dilation, Padding::valid), places);
          }
        }
      }
    }
  }
}

TEST(WindowOutput, of_a_dynamic_input_is_dynamic) {
  EXPECT_EQ(window_output(kDynamic, 3, 1, 1, Padding::same), kDynamic);
  EXPECT_EQ(window_output(kDynamic, 3, 1, 1, Padding::valid), kDynamic);
}

TEST(WindowOutput, of_the_largest_input_does_not_overflow) {
  EXPECT_EQ(window_output(kMax, 1, 2, 1, Padding::same), 1 << 30);
  EXPECT_EQ(window_output(kMax, 1, 1 << 24, 1, Padding::valid), 128);
}

TEST(WindowOutput, of_a_dilated_window_wider_than_32_bits_is_an_error) {
  thrown_message(ErrorCode::data, [] { window_output(kMax, 1 << 24, 1, 1 << 24, Padding::valid); });
}

TEST(WindowPadding, spreads_what_same_needs_with_the_odd_one_behind) {
  EXPECT_EQ(window_padding_before(5, 5, 3, 1, 1), 1);
  EXPECT_EQ(window_padding_before(4, 2, 3, 2, 1), 0);  // one in all, behind
  EXPECT_EQ(window_padding_before(5, 5, 3, 1, 2), 2);
}

TEST(WindowPadding, is_none_when_the_windows_fit) {
  EXPECT_EQ(window_padding_before(8, 4, 2, 2, 1), 0);
  EXPECT_EQ(window_padding_before(9, 2, 1, 4, 1), 0);
}

TEST(WindowPadding, of_the_largest_sizes_does_not_overflow) {
  EXPECT_EQ(window_padding_before(kMax, kMax, kMax, 1 << 24, 1), kMax / 2);
}

}  // namespace
}  // namespace litesmith
