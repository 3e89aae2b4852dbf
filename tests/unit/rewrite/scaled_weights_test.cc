#include "rewrite/scaled_weights.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ir/transpose.h"
#include "testing/random.h"

namespace litesmith {
namespace {

TEST(ScaledByChannel, each_weight_has_its_channels_factor) {
  Random random(1);
  for (const size_t in_a_row : {1u, 3u, 50u}) {
    const auto weights = random.floats(2 * 7 * in_a_row);
    const auto factors = random.floats(7, 0.1, 2);
    for (const bool divides : {false, true}) {
      std::vector<float> expected;
      for (size_t i = 0; i < weights.size(); ++i) {
        const float factor = factors[i / in_a_row % 7];
        expected.push_back(divides ? weights[i] / factor : weights[i] * factor);
      }
      const Buffer scaled = scaled_by_channel(Buffer::of(weights), in_a_row, factors, divides);
      std::vector<float> scratch;
      for (size_t first = 0; first < weights.size(); ++first) {
        const auto part = scaled.part(first, weights.size() - first, scratch);
        EXPECT_TRUE(
            std::equal(part.begin(), part.end(), expected.begin() + static_cast<long>(first)))
            << in_a_row << " " << first;
      }
    }
  }
}

float bound(float largest, std::vector<float> factors, bool divides) {
  const Buffer source =
      transposed(Buffer::of(std::vector<float>(4)), 4, {2, 2}, std::vector<int32_t>{1, 0}, largest);
  return scaled_by_channel(source, 2, std::move(factors), divides).recipe()->largest_magnitude();
}

TEST(ScaledByChannel, is_bounded_where_its_weights_are) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(bound(3, {2, -4}, false), 12.0f);
  EXPECT_EQ(bound(3, {2, -0.5f}, true), 6.0f);
  EXPECT_EQ(bound(3e38f, {1, 2}, false), kInfinity);
  EXPECT_EQ(bound(3, {1, 0}, true), kInfinity);
  EXPECT_EQ(bound(0, {0, 1}, true), kInfinity);
  EXPECT_EQ(bound(3, {std::nanf(""), 1}, false), kInfinity);
  EXPECT_EQ(bound(kInfinity, {1, 1}, false), kInfinity);
  const Buffer unknown = Buffer::of(std::vector<float>(4));
  EXPECT_EQ(scaled_by_channel(unknown, 2, {1, 1}, false).recipe()->largest_magnitude(), kInfinity);
}

}  // namespace
}  // namespace litesmith
