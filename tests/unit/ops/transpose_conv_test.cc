#include "ops/transpose_conv.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

TransposeConv strided(int32_t stride, Padding padding = Padding::same) {
  TransposeConv op;
  op.stride_h = op.stride_w = stride;
  op.padding = padding;
  return op;
}

const Value kFilter = tensor({5, 3, 3, 8});
const Value kImage = tensor({1, 4, 4, 8});

TEST(TransposeConv, makes_the_shape_that_operand_0_says) {
  EXPECT_EQ(shape_of(strided(2), {ints({1, 8, 7, 5}), kFilter, kImage}), (Shape{1, 8, 7, 5}));
  EXPECT_EQ(shape_of(strided(2, Padding::valid), {ints({1, 9, 10, 5}), kFilter, kImage}),
            (Shape{1, 9, 10, 5}));
}

TEST(TransposeConv, leaves_a_computed_shape_open) {
  EXPECT_EQ(shape_of(strided(2), {tensor({4}, DType::int32), kFilter, kImage}),
            (Shape{1, kDynamic, kDynamic, 5}));
}

TEST(TransposeConv, refuses_an_output_that_the_input_does_not_make) {
  EXPECT_THAT(refusal(strided(2), {ints({1, 9, 8, 5}), kFilter, kImage}),
              HasSubstr("does not make an output [1, 9, 8, 5]"));
  EXPECT_THAT(refusal(strided(2), {ints({1, 8, 8, 6}), kFilter, kImage}),
              HasSubstr("does not fit"));
  EXPECT_THAT(refusal(strided(2), {ints({2, 8, 8, 5}), kFilter, kImage}),
              HasSubstr("does not fit"));
  EXPECT_THAT(refusal(strided(2), {ints({8, 8, 5}), kFilter, kImage}), HasSubstr("does not fit"));
}

TEST(TransposeConv, refuses_operands_that_do_not_fit_each_other) {
  const Value shape = ints({1, 8, 8, 5});
  EXPECT_THAT(refusal(strided(2), {shape, tensor({5, 3, 3, 7}), kImage}), HasSubstr("filter"));
  EXPECT_THAT(refusal(strided(2), {shape, kFilter, kImage, tensor({4})}), HasSubstr("bias"));
  EXPECT_THAT(refusal(strided(0), {shape, kFilter, kImage}), HasSubstr("stride"));
  EXPECT_THAT(refusal(strided(2), {tensor({4}), kFilter, kImage}), HasSubstr("not int32"));
}

TEST(TransposeConv, versions_follow_the_converters_table) {
  const Value shape = ints({1, 8, 8, 5});
  TransposeConv relu = strided(2);
  relu.activation = Activation::relu;
  EXPECT_EQ(version_of(strided(2), {shape, kFilter, kImage}), 1);
  EXPECT_EQ(version_of(strided(2), {shape, tensor({5, 3, 3, 8}, DType::int8), kImage}), 2);
  EXPECT_EQ(version_of(strided(2), {shape, kFilter, kImage, tensor({5})}), 3);
  EXPECT_EQ(version_of(strided(2), {shape, kFilter, kImage, kAbsent}), 1);
  EXPECT_EQ(version_of(relu, {shape, kFilter, kImage}), 4);
}

TEST(TransposeConv, costs_the_filter_for_each_input_pixel) {
  EXPECT_EQ(macs_of(strided(2), {ints({1, 8, 8, 5}), kFilter, kImage}), 4 * 4 * 8 * 3 * 3 * 5);
}

}  // namespace
}  // namespace litesmith
