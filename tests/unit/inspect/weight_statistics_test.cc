#include "inspect/weight_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace litesmith {
namespace {

template <class T>
Value constant(DType dtype, const std::vector<T>& elements) {
  Value value{.name = "w", .dtype = dtype, .shape = {static_cast<int32_t>(elements.size())}};
  value.data = Buffer::of(elements);
  return value;
}

TEST(WeightStatistics, describe_floats) {
  const auto found =
      weight_statistics(constant<float>(DType::float32, {0, -0.0f, 1, 1, -3, 5, 0.5f}));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->elements, 7u);
  EXPECT_EQ(found->min, -3);
  EXPECT_EQ(found->max, 5);
  EXPECT_EQ(found->zeros, 2u);
  EXPECT_EQ(found->unique, 5u);  // -3, 0, 0.5, 1, 5
  // Bins of half a unit from -3: -3 in the first, 0 in the seventh, 0.5 next, then 1, 5 in the
  // last.
  ASSERT_EQ(found->histogram.size(), 16u);
  EXPECT_EQ(found->histogram[0], 1u);
  EXPECT_EQ(found->histogram[6], 2u);
  EXPECT_EQ(found->histogram[7], 1u);
  EXPECT_EQ(found->histogram[8], 2u);
  EXPECT_EQ(found->histogram[15], 1u);
}

TEST(WeightStatistics, nan_and_infinity_are_counted_apart) {
  const auto found = weight_statistics(constant<float>(DType::float32, {NAN, INFINITY, 2, 2}));
  EXPECT_EQ(found->not_finite, 2u);
  EXPECT_EQ(found->min, 2);
  EXPECT_EQ(found->unique, 1u);
  EXPECT_EQ(found->histogram, std::vector<size_t>{2});
  const auto none = weight_statistics(constant<float>(DType::float32, {NAN}));
  EXPECT_EQ(none->unique, 0u);
  EXPECT_TRUE(none->histogram.empty());
}

TEST(WeightStatistics, integers_are_as_stored) {
  const auto found = weight_statistics(constant<int8_t>(DType::int8, {-128, 127, 0, 0}));
  EXPECT_EQ(found->min, -128);
  EXPECT_EQ(found->max, 127);
  EXPECT_EQ(found->zeros, 2u);
  EXPECT_EQ(std::accumulate(found->histogram.begin(), found->histogram.end(), size_t{0}), 4u);
}

TEST(WeightStatistics, halves_and_nibbles_are_unpacked) {
  const auto halves = weight_statistics(constant<uint16_t>(DType::float16, {0x3c00, 0xc000}));
  EXPECT_EQ(halves->min, -2);
  EXPECT_EQ(halves->max, 1);
  Value packed = constant<uint8_t>(DType::int4, {0x8f, 0x07});
  packed.shape = {3};
  const auto nibbles = weight_statistics(packed);
  EXPECT_EQ(nibbles->elements, 3u);  // -1, -8, 7
  EXPECT_EQ(nibbles->min, -8);
  EXPECT_EQ(nibbles->max, 7);
}

TEST(WeightStatistics, what_has_no_numbers_has_no_statistics) {
  EXPECT_FALSE(weight_statistics(Value{.name = "x"}).has_value());
  EXPECT_FALSE(weight_statistics(constant<uint8_t>(DType::string, {1, 2})).has_value());
  EXPECT_FALSE(weight_statistics(constant<float>(DType::float32, {})).has_value());
}

}  // namespace
}  // namespace litesmith
