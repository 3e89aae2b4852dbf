#include "benchmark/inputs.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

namespace litesmith {
namespace {

TEST(MakeInput, is_the_same_for_the_same_seed) {
  EXPECT_EQ(make_input(InputKind::float32, 64, 1), make_input(InputKind::float32, 64, 1));
  EXPECT_NE(make_input(InputKind::float32, 64, 1), make_input(InputKind::float32, 64, 2));
}

TEST(MakeInput, floats_lie_between_minus_one_and_one) {
  const auto bytes = make_input(InputKind::float32, 4000, 1);
  float least = 2;
  float most = -2;
  for (size_t i = 0; i < bytes.size(); i += sizeof(float)) {
    float value;
    std::memcpy(&value, bytes.data() + i, sizeof(value));
    least = std::min(least, value);
    most = std::max(most, value);
  }
  EXPECT_GE(least, -1);
  EXPECT_LT(least, -0.9f);
  EXPECT_LE(most, 1);
  EXPECT_GT(most, 0.9f);
}

TEST(MakeInput, codes_take_every_value) {
  const auto bytes = make_input(InputKind::codes, 10'000, 1);
  EXPECT_EQ(std::set<std::byte>(bytes.begin(), bytes.end()).size(), 256u);
}

TEST(MakeInput, everything_else_is_zero) {
  EXPECT_EQ(make_input(InputKind::zeros, 8, 1), std::vector<std::byte>(8));
}

}  // namespace
}  // namespace litesmith
