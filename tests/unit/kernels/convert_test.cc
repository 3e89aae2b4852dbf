#include "kernels/convert.h"

#include <gtest/gtest.h>

namespace litesmith::kernels {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int32_t kLowest = std::numeric_limits<int32_t>::min();

TEST(ToInt32, of_what_does_not_fit_is_the_least_on_x86) {
  EXPECT_EQ(to_int32_as_x86(-1.9), -1);
  EXPECT_EQ(to_int32_as_x86(2147483647.9), 2147483647);
  EXPECT_EQ(to_int32_as_x86(2147483648.0), kLowest);
  EXPECT_EQ(to_int32_as_x86(-2147483648.9), kLowest);
  EXPECT_EQ(to_int32_as_x86(-1e300), kLowest);
  EXPECT_EQ(to_int32_as_x86(kInfinity), kLowest);
  EXPECT_EQ(to_int32_as_x86(kNaN), kLowest);
}

TEST(SaturatingCast, of_what_does_not_fit_is_the_nearest) {
  EXPECT_EQ((saturating_cast<int8_t>(-1.9, int8_t{7})), -1);
  EXPECT_EQ((saturating_cast<int8_t>(127.9, int8_t{7})), 127);
  EXPECT_EQ((saturating_cast<int8_t>(kInfinity, int8_t{7})), 127);
  EXPECT_EQ((saturating_cast<int8_t>(-kInfinity, int8_t{7})), -128);
  EXPECT_EQ((saturating_cast<int8_t>(kNaN, int8_t{7})), 7);
  EXPECT_EQ((saturating_cast<uint32_t>(-1.0, uint32_t{7})), 0u);
  EXPECT_EQ((saturating_cast<uint32_t>(4294967295.5, uint32_t{7})), 4294967295u);
  EXPECT_EQ((saturating_cast<int64_t>(0x1p63f, int64_t{7})), std::numeric_limits<int64_t>::max());
  EXPECT_EQ((saturating_cast<int64_t>(-0x1p63f, int64_t{7})), std::numeric_limits<int64_t>::min());
}

}  // namespace
}  // namespace litesmith::kernels
