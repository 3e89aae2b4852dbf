#include <gmock/gmock.h>

#include <limits>

#include "nodes.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

const Value kImage = tensor({1, 8, 6, 4});

Conv2D valid() {
  Conv2D op;
  op.padding = Padding::valid;
  return op;
}

TEST(Conv2D, keeps_the_size_with_same_padding) {
  EXPECT_EQ(shape_of(Conv2D(), {kImage, tensor({16, 3, 3, 4}), tensor({16})}),
            (Shape{1, 8, 6, 16}));
}

TEST(Conv2D, loses_the_border_with_valid_padding) {
  EXPECT_EQ(shape_of(valid(), {kImage, tensor({16, 3, 2, 4}), kAbsent}), (Shape{1, 6, 5, 16}));
}

TEST(Conv2D, tells_height_and_width_apart) {
  Conv2D op = valid();
  op.stride_h = 2;
  op.stride_w = 1;
  op.dilation_h = 1;
  op.dilation_w = 2;
  EXPECT_EQ(shape_of(op, {kImage, tensor({16, 3, 2, 4})}), (Shape{1, 3, 4, 16}));
}

TEST(Conv2D, leaves_dynamic_dimensions_dynamic) {
  EXPECT_EQ(shape_of(Conv2D(), {tensor({kDynamic, kDynamic, 6, 4}), tensor({16, 3, 3, 4})}),
            (Shape{kDynamic, kDynamic, 6, 16}));
}

TEST(Conv2D, makes_the_inputs_type) {
  EXPECT_EQ(dtype_made(Conv2D(), {quantized({1, 8, 6, 4}, DType::int16),
                                  quantized({16, 3, 3, 4}, DType::int8)}),
            DType::int16);
}

TEST(Conv2D, may_be_grouped) {
  EXPECT_EQ(shape_of(Conv2D(), {kImage, tensor({6, 3, 3, 2})}), (Shape{1, 8, 6, 6}));
}

TEST(Conv2D, has_more_than_16384_channels_when_asked) {
  EXPECT_EQ(shape_of(Conv2D(), {tensor({1, 1, 1, 40000}), tensor({50000, 1, 1, 40000})}),
            (Shape{1, 1, 1, 50000}));
}

TEST(Conv2D, takes_a_bias_of_any_shape_with_one_element_a_channel) {
  EXPECT_EQ(shape_of(Conv2D(), {kImage, tensor({16, 3, 3, 4}), tensor({1, 1, 1, 16})}),
            (Shape{1, 8, 6, 16}));
}

TEST(Conv2D, refuses_an_input_of_another_rank) {
  EXPECT_THAT(refusal(Conv2D(), {tensor({8, 6, 4}), tensor({16, 3, 3, 4})}),
              HasSubstr("[8, 6, 4]"));
}

TEST(Conv2D, refuses_a_filter_of_another_rank) { refusal(Conv2D(), {kImage, tensor({16, 3, 4})}); }

TEST(Conv2D, refuses_a_filter_of_unknown_size) {
  refusal(Conv2D(), {kImage, tensor({16, kDynamic, 3, 4})});
}

TEST(Conv2D, refuses_channels_that_do_not_divide) {
  EXPECT_THAT(refusal(Conv2D(), {kImage, tensor({16, 3, 3, 3})}), HasSubstr("[16, 3, 3, 3]"));
}

TEST(Conv2D, refuses_groups_that_do_not_divide_the_output) {
  refusal(Conv2D(), {kImage, tensor({5, 3, 3, 2})});
}

TEST(Conv2D, refuses_empty_filters_and_inputs_without_channels) {
  refusal(Conv2D(), {kImage, tensor({0, 3, 3, 4})});
  refusal(Conv2D(), {kImage, tensor({16, 0, 3, 4})});
  refusal(Conv2D(), {kImage, tensor({16, 3, 3, 0})});
  refusal(Conv2D(), {tensor({1, 8, 6, 0}), tensor({16, 3, 3, 4})});
}

TEST(Conv2D, refuses_a_bias_of_another_size) {
  EXPECT_THAT(refusal(Conv2D(), {kImage, tensor({16, 3, 3, 4}), tensor({4})}),
              HasSubstr("a bias [4]"));
}

TEST(Conv2D, refuses_a_window_larger_than_the_input) {
  EXPECT_THAT(refusal(valid(), {kImage, tensor({16, 9, 3, 4})}),
              HasSubstr("a window of 9 does not fit into a dimension of 8"));
}

TEST(Conv2D, refuses_hostile_strides_and_dilations) {
  for (const int32_t bad :
       {0, -1, std::numeric_limits<int32_t>::max(), std::numeric_limits<int32_t>::min()}) {
    for (int32_t Conv2D::*member :
         {&Conv2D::stride_h, &Conv2D::stride_w, &Conv2D::dilation_h, &Conv2D::dilation_w}) {
      Conv2D op;
      op.*member = bad;
      EXPECT_THAT(refusal(op, {kImage, tensor({16, 3, 3, 4})}), HasSubstr(std::to_string(bad)));
    }
  }
}

TEST(Conv2D, refuses_a_wrong_number_of_operands) {
  refusal(Conv2D(), {});
  refusal(Conv2D(), {kImage});
  refusal(Conv2D(), {kImage, kAbsent});
  refusal(Conv2D(), {kImage, tensor({16, 3, 3, 4}), kAbsent, kAbsent});
}

TEST(Conv2D, costs_a_multiplication_for_each_tap_of_each_output) {
  EXPECT_EQ(macs_of(valid(), {kImage, tensor({16, 3, 2, 4})}), 6 * 5 * 16 * 3 * 2 * 4);
}

TEST(Conv2D, counts_one_image_of_a_dynamic_batch) {
  EXPECT_EQ(macs_of(valid(), {tensor({kDynamic, 8, 6, 4}), tensor({16, 3, 2, 4})}),
            6 * 5 * 16 * 3 * 2 * 4);
}

TEST(Conv2D, versions_follow_the_converters_table) {
  const Conv2D op;
  const Value f32 = tensor({1, 8, 6, 4});
  const Value i8 = quantized({1, 8, 6, 4});
  const Value i16 = quantized({1, 8, 6, 4}, DType::int16);
  const auto filter = [](DType dtype, size_t scales) {
    return quantized({16, 3, 3, 4}, dtype, scales);
  };
  EXPECT_EQ(version_of(op, {f32, tensor({16, 3, 3, 4})}), 1);
  EXPECT_EQ(version_of(op, {f32, filter(DType::int8, 1)}), 2);
  EXPECT_EQ(version_of(op, {i8, filter(DType::int8, 16)}), 3);
  EXPECT_EQ(version_of(op, {i16, filter(DType::int16, 1)}), 4);
  EXPECT_EQ(version_of(op, {f32, filter(DType::int8, 16)}), 5);
  EXPECT_EQ(version_of(op, {f32, tensor({16, 3, 3, 2})}), 6);
  EXPECT_EQ(version_of(op, {i8, filter(DType::int4, 16)}), 7);
  EXPECT_EQ(version_of(op, {i16, filter(DType::int8, 16)}), 8);
}

TEST(Conv2D, with_one_output_channel_is_per_channel_to_the_converter) {
  EXPECT_EQ(version_of(Conv2D(), {kImage, quantized({1, 3, 3, 4}, DType::int8, 1)}), 5);
}

DepthwiseConv2D valid_depthwise() {
  DepthwiseConv2D op;
  op.padding = Padding::valid;
  return op;
}

TEST(DepthwiseConv2D, has_as_many_channels_as_its_filter) {
  EXPECT_EQ(shape_of(valid_depthwise(), {kImage, tensor({1, 3, 2, 8}), tensor({8})}),
            (Shape{1, 6, 5, 8}));
}

TEST(DepthwiseConv2D, tells_height_and_width_apart) {
  DepthwiseConv2D op = valid_depthwise();
  op.stride_h = 2;
  op.dilation_w = 2;
  EXPECT_EQ(shape_of(op, {kImage, tensor({1, 3, 2, 4})}), (Shape{1, 3, 4, 4}));
}

TEST(DepthwiseConv2D, leaves_dynamic_dimensions_dynamic) {
  EXPECT_EQ(shape_of(DepthwiseConv2D(),
                     {tensor({kDynamic, kDynamic, kDynamic, 4}), tensor({1, 3, 3, 4})}),
            (Shape{kDynamic, kDynamic, kDynamic, 4}));
}

TEST(DepthwiseConv2D, refuses_a_filter_for_another_input) {
  EXPECT_THAT(refusal(DepthwiseConv2D(), {kImage, tensor({1, 3, 3, 6})}),
              HasSubstr("[1, 3, 3, 6]"));
}

TEST(DepthwiseConv2D, refuses_more_than_one_filter) {
  refusal(DepthwiseConv2D(), {kImage, tensor({2, 3, 3, 4})});
}

TEST(DepthwiseConv2D, refuses_wrong_ranks_and_empty_sizes) {
  refusal(DepthwiseConv2D(), {tensor({1, 8, 6}), tensor({1, 3, 3, 4})});
  refusal(DepthwiseConv2D(), {kImage, tensor({3, 3, 4})});
  refusal(DepthwiseConv2D(), {kImage, tensor({1, 0, 3, 4})});
  refusal(DepthwiseConv2D(), {kImage, tensor({1, 3, 3, 0})});
  refusal(DepthwiseConv2D(), {tensor({1, 8, 6, 0}), tensor({1, 3, 3, 4})});
}

TEST(DepthwiseConv2D, refuses_a_bias_of_another_shape) {
  refusal(DepthwiseConv2D(), {kImage, tensor({1, 3, 3, 4}), tensor({1, 4})});
}

TEST(DepthwiseConv2D, refuses_hostile_strides) {
  DepthwiseConv2D op;
  op.stride_w = 0;
  EXPECT_THAT(refusal(op, {kImage, tensor({1, 3, 3, 4})}), HasSubstr("window of 0"));
}

TEST(DepthwiseConv2D, costs_a_multiplication_for_each_tap_of_each_output) {
  EXPECT_EQ(macs_of(valid_depthwise(), {kImage, tensor({1, 3, 2, 8})}), 6 * 5 * 8 * 3 * 2);
}

TEST(DepthwiseConv2D, versions_follow_the_converters_table) {
  const DepthwiseConv2D op;
  DepthwiseConv2D dilated;
  dilated.dilation_h = 2;
  const Value i8 = quantized({1, 8, 6, 4});
  const Value i16 = quantized({1, 8, 6, 4}, DType::int16);
  const auto filter = [](DType dtype, size_t scales) {
    return quantized({1, 3, 3, 4}, dtype, scales, 3);
  };
  EXPECT_EQ(version_of(op, {kImage, tensor({1, 3, 3, 4})}), 1);
  EXPECT_EQ(version_of(dilated, {kImage, tensor({1, 3, 3, 4})}), 2);
  EXPECT_EQ(version_of(op, {i8, filter(DType::int8, 4)}), 3);
  EXPECT_EQ(version_of(op, {kImage, filter(DType::int8, 1)}), 4);
  EXPECT_EQ(version_of(op, {i16, filter(DType::int16, 1)}), 5);
  EXPECT_EQ(version_of(op, {kImage, filter(DType::int8, 4)}), 6);
  EXPECT_EQ(version_of(op, {i8, filter(DType::int4, 4)}), 7);
  // int16 activations with int8 weights have no rule of their own there.
  EXPECT_EQ(version_of(op, {i16, filter(DType::int8, 4)}), 1);
  EXPECT_EQ(version_of(dilated, {i16, filter(DType::int8, 4)}), 2);
}

}  // namespace
}  // namespace litesmith
