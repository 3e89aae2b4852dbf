#include "ops/resize.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

const Value kImage = tensor({2, 4, 6, 3});

template <class T>
class ResizeTest : public ::testing::Test {};
using Resizes = ::testing::Types<ResizeBilinear, ResizeNearestNeighbor>;
TYPED_TEST_SUITE(ResizeTest, Resizes);

TYPED_TEST(ResizeTest, makes_the_height_and_width_asked_for) {
  EXPECT_EQ(shape_of(TypeParam(), {kImage, ints({8, 5})}), (Shape{2, 8, 5, 3}));
}

TYPED_TEST(ResizeTest, needs_no_input_size) {
  EXPECT_EQ(shape_of(TypeParam(), {tensor({kDynamic, kDynamic, kDynamic, 3}), ints({8, 5})}),
            (Shape{kDynamic, 8, 5, 3}));
}

TYPED_TEST(ResizeTest, to_a_computed_size_is_dynamic) {
  EXPECT_EQ(shape_of(TypeParam(), {kImage, tensor({2}, DType::int32)}),
            (Shape{2, kDynamic, kDynamic, 3}));
}

TYPED_TEST(ResizeTest, refuses_a_size_below_1) {
  refusal(TypeParam(), {kImage, ints({0, 5})});
  refusal(TypeParam(), {kImage, ints({8, -5})});
}

TYPED_TEST(ResizeTest, refuses_a_size_that_is_no_pair_of_int32) {
  refusal(TypeParam(), {kImage, ints({8})});
  refusal(TypeParam(), {kImage, longs({8, 5})});
}

TYPED_TEST(ResizeTest, refuses_another_rank) {
  refusal(TypeParam(), {tensor({4, 6, 3}), ints({8, 5})});
}

TYPED_TEST(ResizeTest, refuses_a_missing_size) { refusal(TypeParam(), {kImage}); }

TEST(ResizeBilinear, versions_follow_the_converters_table) {
  ResizeBilinear corners;
  corners.align_corners = true;
  ResizeBilinear half_pixel;
  half_pixel.half_pixel_centers = true;
  const auto version = [](const ResizeBilinear& op, DType dtype) {
    return version_of(op, {tensor({2, 4, 6, 3}, dtype), ints({8, 5})});
  };
  EXPECT_EQ(version(corners, DType::float32), 1);
  EXPECT_EQ(version(corners, DType::int8), 2);
  EXPECT_EQ(version(half_pixel, DType::int8), 3);
  EXPECT_EQ(version(half_pixel, DType::int16), 4);
}

TEST(ResizeNearestNeighbor, versions_follow_the_converters_table) {
  ResizeNearestNeighbor corners;
  corners.align_corners = true;
  const auto version = [](const ResizeNearestNeighbor& op, DType dtype) {
    return version_of(op, {tensor({2, 4, 6, 3}, dtype), ints({8, 5})});
  };
  EXPECT_EQ(version({}, DType::float32), 1);
  EXPECT_EQ(version({}, DType::int8), 2);
  EXPECT_EQ(version(corners, DType::int8), 3);
  EXPECT_EQ(version(corners, DType::int16), 4);
}

}  // namespace
}  // namespace litesmith
