#include "ops/conv_3d.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

Conv3D strided(int32_t depth, int32_t height, int32_t width, Padding padding = Padding::valid) {
  Conv3D op;
  op.stride_d = depth;
  op.stride_h = height;
  op.stride_w = width;
  op.padding = padding;
  return op;
}

const Value kVolume = tensor({2, 7, 8, 9, 3});
const Value kFilter = tensor({2, 3, 4, 3, 5});

TEST(Conv3D, slides_along_three_dimensions) {
  EXPECT_EQ(shape_of(strided(1, 1, 1), {kVolume, kFilter}), (Shape{2, 6, 6, 6, 5}));
  EXPECT_EQ(shape_of(strided(1, 2, 3), {kVolume, kFilter, tensor({5})}), (Shape{2, 6, 3, 2, 5}));
  EXPECT_EQ(shape_of(strided(1, 2, 3, Padding::same), {kVolume, kFilter}), (Shape{2, 7, 4, 3, 5}));
}

TEST(Conv3D, dilation_widens_the_window_of_its_dimension) {
  Conv3D op = strided(1, 1, 1);
  op.dilation_d = 2;
  op.dilation_h = 3;
  EXPECT_EQ(shape_of(op, {kVolume, kFilter}), (Shape{2, 5, 2, 6, 5}));
}

TEST(Conv3D, leaves_open_what_the_input_leaves_open) {
  EXPECT_EQ(shape_of(strided(1, 1, 1), {tensor({kDynamic, 7, kDynamic, 9, 3}), kFilter}),
            (Shape{kDynamic, 6, kDynamic, 6, 5}));
}

TEST(Conv3D, refuses_operands_that_do_not_fit_each_other) {
  EXPECT_THAT(refusal(strided(1, 1, 1), {tensor({2, 7, 8, 9, 4}), kFilter}), HasSubstr("filter"));
  EXPECT_THAT(refusal(strided(1, 1, 1), {tensor({7, 8, 9, 3}), kFilter}), HasSubstr("filter"));
  EXPECT_THAT(refusal(strided(1, 1, 1), {kVolume, kFilter, tensor({3})}), HasSubstr("bias"));
  EXPECT_THAT(refusal(strided(0, 1, 1), {kVolume, kFilter}), HasSubstr("stride"));
  EXPECT_THAT(refusal(strided(1, 1, 1), {tensor({2, 1, 8, 9, 3}), kFilter}),
              HasSubstr("does not fit into a dimension of 1"));
}

}  // namespace
}  // namespace litesmith
