#include "ops/pool_2d.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

template <class T>
T pool(int32_t height, int32_t width, int32_t stride_h, int32_t stride_w, Padding padding) {
  T op;
  op.filter_height = height;
  op.filter_width = width;
  op.stride_h = stride_h;
  op.stride_w = stride_w;
  op.padding = padding;
  return op;
}

template <class T>
class Pool2DTest : public ::testing::Test {};
using Pools = ::testing::Types<AveragePool2D, MaxPool2D>;
TYPED_TEST_SUITE(Pool2DTest, Pools);

TYPED_TEST(Pool2DTest, halves_an_image) {
  EXPECT_EQ(shape_of(pool<TypeParam>(2, 2, 2, 2, Padding::valid), {tensor({1, 50, 13, 4})}),
            (Shape{1, 25, 6, 4}));
}

TYPED_TEST(Pool2DTest, tells_height_and_width_apart) {
  EXPECT_EQ(shape_of(pool<TypeParam>(3, 1, 2, 1, Padding::valid), {tensor({1, 9, 9, 4})}),
            (Shape{1, 4, 9, 4}));
}

TYPED_TEST(Pool2DTest, rounds_up_with_same_padding) {
  EXPECT_EQ(shape_of(pool<TypeParam>(2, 2, 2, 2, Padding::same), {tensor({1, 5, 5, 4})}),
            (Shape{1, 3, 3, 4}));
}

TYPED_TEST(Pool2DTest, leaves_dynamic_dimensions_dynamic) {
  EXPECT_EQ(shape_of(pool<TypeParam>(2, 2, 2, 2, Padding::same),
                     {tensor({kDynamic, kDynamic, 4, kDynamic})}),
            (Shape{kDynamic, kDynamic, 2, kDynamic}));
}

TYPED_TEST(Pool2DTest, spans_a_long_signal) {
  EXPECT_EQ(shape_of(pool<TypeParam>(1, 40000, 1, 1, Padding::valid), {tensor({1, 1, 40000, 4})}),
            (Shape{1, 1, 1, 4}));
}

TYPED_TEST(Pool2DTest, refuses_a_window_larger_than_the_input) {
  EXPECT_THAT(refusal(pool<TypeParam>(5, 5, 1, 1, Padding::valid), {tensor({1, 4, 8, 4})}),
              HasSubstr("does not fit"));
}

TYPED_TEST(Pool2DTest, refuses_a_window_or_stride_of_zero) {
  refusal(pool<TypeParam>(0, 2, 1, 1, Padding::same), {tensor({1, 4, 8, 4})});
  refusal(pool<TypeParam>(2, 2, 1, 0, Padding::same), {tensor({1, 4, 8, 4})});
}

TYPED_TEST(Pool2DTest, refuses_another_rank) {
  EXPECT_THAT(refusal(pool<TypeParam>(2, 2, 2, 2, Padding::same), {tensor({4, 8, 4})}),
              HasSubstr("[4, 8, 4]"));
}

TYPED_TEST(Pool2DTest, refuses_a_second_operand) {
  refusal(pool<TypeParam>(2, 2, 2, 2, Padding::same), {tensor({1, 4, 8, 4}), tensor({2})});
}

TYPED_TEST(Pool2DTest, versions_follow_the_converters_table) {
  const auto op = pool<TypeParam>(2, 2, 2, 2, Padding::same);
  EXPECT_EQ(version_of(op, {tensor({1, 4, 8, 4})}), 1);
  EXPECT_EQ(version_of(op, {tensor({1, 4, 8, 4}, DType::uint8)}), 1);
  EXPECT_EQ(version_of(op, {tensor({1, 4, 8, 4}, DType::int8)}), 2);
  EXPECT_EQ(version_of(op, {tensor({1, 4, 8, 4}, DType::int16)}), 3);
}

}  // namespace
}  // namespace litesmith
