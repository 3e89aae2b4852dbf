#include "kernels/elementwise.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace litesmith::kernels {
namespace {

template <class T>
std::vector<T> apply(Binary op, const std::vector<T>& a, const std::vector<T>& b,
                     T min = std::numeric_limits<T>::lowest(),
                     T max = std::numeric_limits<T>::max()) {
  std::vector<T> out(std::max(a.size(), b.size()));
  binary(op, min, max, a.data(), a.size() == 1 ? 0 : 1, b.data(), b.size() == 1 ? 0 : 1, out.data(),
         static_cast<int64_t>(out.size()));
  return out;
}

TEST(Binary, repeats_either_operand) {
  const std::vector<int32_t> a = {10, 20};
  const std::vector<int32_t> one = {3};
  EXPECT_EQ(apply(Binary::subtract, a, one), (std::vector<int32_t>{7, 17}));
  EXPECT_EQ(apply(Binary::subtract, one, a), (std::vector<int32_t>{-7, -17}));
}

TEST(Binary, integers_wrap_and_divide_without_trapping) {
  constexpr int32_t lowest = std::numeric_limits<int32_t>::min();
  constexpr int32_t highest = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(apply<int32_t>(Binary::add, {highest}, {1}), std::vector<int32_t>{lowest});
  EXPECT_EQ(apply<int32_t>(Binary::multiply, {1 << 20}, {1 << 12}), std::vector<int32_t>{0});
  EXPECT_EQ(apply<int32_t>(Binary::divide, {lowest}, {-1}), std::vector<int32_t>{lowest});
  EXPECT_EQ(apply<int32_t>(Binary::divide, {7}, {0}), std::vector<int32_t>{0});
  EXPECT_EQ(apply<int32_t>(Binary::divide, {-7}, {2}), std::vector<int32_t>{-3});
  EXPECT_EQ(apply<int16_t>(Binary::multiply, {1000}, {1000}), std::vector<int16_t>{16960});
}

}  // namespace
}  // namespace litesmith::kernels
