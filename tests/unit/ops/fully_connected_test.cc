#include "ops/fully_connected.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Value kWeights = tensor({10, 12});

FullyConnected keeping_dims() {
  FullyConnected op;
  op.keep_num_dims = true;
  return op;
}

TEST(FullyConnected, makes_a_row_of_units_for_each_row) {
  EXPECT_EQ(shape_of(FullyConnected(), {tensor({3, 12}), kWeights, tensor({10})}), (Shape{3, 10}));
}

TEST(FullyConnected, takes_any_shape_apart_into_rows) {
  EXPECT_EQ(shape_of(FullyConnected(), {tensor({2, 3, 4, 2}), kWeights, kAbsent}), (Shape{4, 10}));
}

TEST(FullyConnected, may_keep_the_leading_dimensions) {
  EXPECT_EQ(shape_of(keeping_dims(), {tensor({2, 5, 12}), kWeights}), (Shape{2, 5, 10}));
}

TEST(FullyConnected, has_dynamic_rows_for_a_dynamic_input) {
  EXPECT_EQ(shape_of(FullyConnected(), {tensor({kDynamic, 12}), kWeights}), (Shape{kDynamic, 10}));
  EXPECT_EQ(shape_of(FullyConnected(), {tensor({kDynamic, 3, 4}), kWeights}),
            (Shape{kDynamic, 10}));
  EXPECT_EQ(shape_of(keeping_dims(), {tensor({kDynamic, 5, 12}), kWeights}),
            (Shape{kDynamic, 5, 10}));
}

TEST(FullyConnected, of_no_rows_makes_none) {
  EXPECT_EQ(shape_of(FullyConnected(), {tensor({0, 12}), kWeights}), (Shape{0, 10}));
}

TEST(FullyConnected, of_no_inputs_has_the_rows_of_the_leading_dimensions) {
  EXPECT_EQ(shape_of(FullyConnected(), {tensor({2, 3, 0}), tensor({10, 0})}), (Shape{6, 10}));
}

TEST(FullyConnected, takes_a_bias_of_any_shape_with_one_element_a_unit) {
  EXPECT_EQ(shape_of(FullyConnected(), {tensor({3, 12}), kWeights, tensor({1, 10})}),
            (Shape{3, 10}));
}

TEST(FullyConnected, refuses_elements_that_fill_no_row) {
  EXPECT_THAT(refusal(FullyConnected(), {tensor({3, 13}), kWeights}), HasSubstr("[3, 13]"));
}

TEST(FullyConnected, refuses_a_dynamic_input_with_rows_of_another_size) {
  refusal(FullyConnected(), {tensor({kDynamic, 13}), kWeights});
  refusal(keeping_dims(), {tensor({kDynamic, 13}), kWeights});
}

TEST(FullyConnected, refuses_to_keep_dims_whose_last_is_another_size) {
  refusal(keeping_dims(), {tensor({2, 3, 4}), kWeights});
}

TEST(FullyConnected, refuses_weights_that_are_no_matrix) {
  refusal(FullyConnected(), {tensor({3, 12}), tensor({12})});
  refusal(FullyConnected(), {tensor({3, 12}), tensor({kDynamic, 12})});
}

TEST(FullyConnected, refuses_a_scalar_input) { refusal(FullyConnected(), {tensor({}), kWeights}); }

TEST(FullyConnected, refuses_a_bias_of_another_size) {
  EXPECT_THAT(refusal(FullyConnected(), {tensor({3, 12}), kWeights, tensor({12})}),
              HasSubstr("a bias [12]"));
}

TEST(FullyConnected, refuses_more_rows_than_a_dimension_holds) {
  refusal(FullyConnected(), {tensor({65536, 65536}), tensor({10, 1})});
}

TEST(FullyConnected, refuses_a_wrong_number_of_operands) {
  refusal(FullyConnected(), {tensor({3, 12})});
  refusal(FullyConnected(), {tensor({3, 12}), kWeights, kAbsent, kAbsent});
}

TEST(FullyConnected, of_eight_bits_makes_sixteen_where_the_graph_says_so) {
  const Value input = quantized({3, 12}, DType::uint8);
  EXPECT_EQ(dtype_made(FullyConnected(), {input, kWeights}), DType::uint8);
  EXPECT_EQ(dtype_made(FullyConnected(), {input, kWeights}, {tensor({3, 10}, DType::int16)}),
            DType::int16);
}

TEST(FullyConnected, of_floats_makes_floats_whatever_the_graph_says) {
  EXPECT_EQ(
      dtype_made(FullyConnected(), {tensor({3, 12}), kWeights}, {tensor({3, 10}, DType::int16)}),
      DType::float32);
}

TEST(FullyConnected, with_shuffled_weights_has_room_for_the_shuffled_input) {
  FullyConnected op;
  op.weights_format = WeightsFormat::shuffled4x16int8;
  EXPECT_THAT(shapes_of(op, {quantized({4, 12}, DType::uint8), kWeights}),
              ElementsAre(Shape{4, 10}, Shape{4, 12}));
}

TEST(FullyConnected, costs_a_multiplication_for_each_weight_and_row) {
  EXPECT_EQ(macs_of(FullyConnected(), {tensor({3, 12}), kWeights}), 3 * 12 * 10);
}

TEST(FullyConnected, versions_follow_the_converters_table) {
  const FullyConnected op;
  FullyConnected asymmetric;
  asymmetric.asymmetric_quantize_inputs = true;
  FullyConnected shuffled;
  shuffled.weights_format = WeightsFormat::shuffled4x16int8;
  const Value f32 = tensor({3, 12});
  const Value u8 = quantized({3, 12}, DType::uint8);
  const Value i8 = quantized({3, 12});
  const Value i16 = quantized({3, 12}, DType::int16);
  const auto weights = [](DType dtype, size_t scales) {
    return quantized({10, 12}, dtype, scales);
  };
  EXPECT_EQ(version_of(op, {f32, kWeights, kAbsent}), 1);
  EXPECT_EQ(version_of(op, {u8, weights(DType::uint8, 1), kAbsent}), 1);
  EXPECT_EQ(version_of(shuffled, {u8, weights(DType::uint8, 1), kAbsent}), 2);
  EXPECT_EQ(version_of(op, {f32, weights(DType::int8, 1), kAbsent}), 3);
  EXPECT_EQ(version_of(op, {i8, weights(DType::int8, 10), kAbsent}), 4);
  EXPECT_EQ(version_of(keeping_dims(), {i8, weights(DType::int8, 1), kAbsent}), 5);
  EXPECT_EQ(version_of(op, {f32, kWeights}), 6);  // no third operand at all
  EXPECT_EQ(version_of(op, {i16, weights(DType::int16, 1), kAbsent}), 7);
  EXPECT_EQ(version_of(asymmetric, {f32, weights(DType::int8, 1), kAbsent}), 9);
  EXPECT_EQ(version_of(op, {i8, weights(DType::int4, 1), kAbsent}), 10);
  EXPECT_EQ(version_of(op, {i16, weights(DType::int8, 1), kAbsent}), 11);
  EXPECT_EQ(version_of(op, {f32, weights(DType::int8, 10), kAbsent}), 12);
  EXPECT_EQ(version_of(op, {i16, weights(DType::int4, 1), kAbsent}), 13);
  EXPECT_EQ(version_of(op, {i8, weights(DType::int2, 1), kAbsent}), 14);
}

TEST(FullyConnected, with_one_unit_is_per_channel_to_the_converter) {
  EXPECT_EQ(
      version_of(FullyConnected(), {tensor({3, 12}), quantized({1, 12}, DType::int8, 1), kAbsent}),
      12);
}

}  // namespace
}  // namespace litesmith
