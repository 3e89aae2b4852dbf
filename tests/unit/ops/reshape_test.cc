#include "ops/reshape.h"

#include <gmock/gmock.h>

#include <limits>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

Reshape to(std::vector<int32_t> shape) {
  Reshape op;
  op.new_shape = std::move(shape);
  return op;
}

Squeeze squeezing(std::vector<int32_t> dims) {
  Squeeze op;
  op.squeeze_dims = std::move(dims);
  return op;
}

TEST(Reshape, makes_the_operands_shape) {
  EXPECT_EQ(shape_of(Reshape(), {tensor({2, 6}), ints({3, 4})}), (Shape{3, 4}));
}

TEST(Reshape, fills_in_the_one_size_that_is_missing) {
  EXPECT_EQ(shape_of(Reshape(), {tensor({2, 11, 64}), ints({-1, 704})}), (Shape{2, 704}));
}

TEST(Reshape, of_a_dynamic_input_leaves_the_missing_size_dynamic) {
  EXPECT_EQ(shape_of(Reshape(), {tensor({kDynamic, 11, 64}), ints({-1, 704})}),
            (Shape{kDynamic, 704}));
}

TEST(Reshape, of_a_dynamic_input_takes_a_shape_that_is_whole) {
  EXPECT_EQ(shape_of(Reshape(), {tensor({kDynamic, 4}), ints({2, 2})}), (Shape{2, 2}));
}

TEST(Reshape, makes_a_scalar) {
  EXPECT_EQ(shape_of(Reshape(), {tensor({1, 1}), ints({})}), (Shape{}));
}

TEST(Reshape, of_nothing_makes_nothing) {
  EXPECT_EQ(shape_of(Reshape(), {tensor({0, 3}), ints({5, 0})}), (Shape{5, 0}));
}

TEST(Reshape, takes_the_attribute_without_an_operand) {
  EXPECT_EQ(shape_of(to({3, 4}), {tensor({12})}), (Shape{3, 4}));
}

TEST(Reshape, takes_the_operand_over_the_attribute) {
  EXPECT_EQ(shape_of(to({3, 4}), {tensor({12}), ints({6, 2})}), (Shape{6, 2}));
}

TEST(Reshape, takes_the_attribute_when_the_operand_is_no_vector) {
  EXPECT_EQ(shape_of(to({3, 4}), {tensor({12}), constant<int32_t>({6, 2}, Shape{1, 2})}),
            (Shape{3, 4}));
}

TEST(Reshape, knows_the_scalar_of_very_old_files) {
  EXPECT_EQ(shape_of(to({0}), {tensor({1})}), (Shape{}));
}

TEST(Reshape, to_a_computed_shape_has_its_rank) {
  EXPECT_EQ(shape_of(Reshape(), {tensor({12}), tensor({3}, DType::int32)}),
            (Shape{kDynamic, kDynamic, kDynamic}));
}

TEST(Reshape, to_a_computed_shape_of_unknown_rank_has_the_rank_the_graph_states) {
  EXPECT_EQ(shape_of(Reshape(), {tensor({12}), tensor({kDynamic}, DType::int32)}, {tensor({3, 4})}),
            (Shape{kDynamic, kDynamic}));
  refusal(Reshape(), {tensor({12}), tensor({kDynamic}, DType::int32)});
}

TEST(Reshape, refuses_a_computed_shape_of_absurd_rank) {
  refusal(Reshape(), {tensor({12}), tensor({1 << 30}, DType::int32)});
}

TEST(Reshape, refuses_another_number_of_elements) {
  EXPECT_THAT(refusal(Reshape(), {tensor({2, 6}), ints({3, 5})}),
              HasSubstr("[2, 6] do not fill [3, 5]"));
}

TEST(Reshape, refuses_a_missing_size_that_does_not_come_out) {
  refusal(Reshape(), {tensor({2, 6}), ints({-1, 5})});
}

TEST(Reshape, refuses_two_missing_sizes) {
  EXPECT_THAT(refusal(Reshape(), {tensor({2, 6}), ints({-1, -1})}), HasSubstr("two dimensions"));
}

TEST(Reshape, refuses_a_missing_size_beside_a_zero) {
  refusal(Reshape(), {tensor({0}), ints({0, -1})});
}

TEST(Reshape, refuses_negative_sizes) {
  refusal(Reshape(), {tensor({2, 6}), ints({-2, -6})});
  refusal(to({-2, -6}), {tensor({2, 6})});
}

TEST(Reshape, refuses_sizes_whose_product_overflows) {
  refusal(Reshape(), {tensor({2, 6}), ints({kMax, kMax, kMax})});
}

TEST(Reshape, refuses_a_missing_size_that_no_dimension_holds) {
  refusal(Reshape(), {tensor({kMax, 4}), ints({-1})});
}

TEST(Reshape, refuses_a_wrong_number_of_operands) {
  refusal(Reshape(), {});
  refusal(Reshape(), {tensor({1}), ints({1}), ints({1})});
}

TEST(Reshape, is_of_version_1) {
  EXPECT_EQ(version_of(Reshape(), {tensor({4}, DType::int8), ints({4})}), 1);
}

TEST(Squeeze, drops_the_dimensions_named) {
  EXPECT_EQ(shape_of(squeezing({0, -1}), {tensor({1, 5, 1, 1})}), (Shape{5, 1}));
}

TEST(Squeeze, drops_every_one_when_none_is_named) {
  EXPECT_EQ(shape_of(Squeeze(), {tensor({1, 5, 1, 0})}), (Shape{5, 0}));
}

TEST(Squeeze, takes_a_dynamic_dimension_at_its_word) {
  EXPECT_EQ(shape_of(squeezing({0}), {tensor({kDynamic, 5})}), (Shape{5}));
  EXPECT_EQ(shape_of(Squeeze(), {tensor({kDynamic, 1, 5})}), (Shape{kDynamic, 5}));
}

TEST(Squeeze, refuses_a_dimension_that_is_not_1) {
  EXPECT_THAT(refusal(squeezing({1}), {tensor({1, 5})}), HasSubstr("dimension 1 of [1, 5]"));
  refusal(squeezing({1}), {tensor({1, 0})});
}

TEST(Squeeze, refuses_a_dimension_outside_the_rank) {
  refusal(squeezing({2}), {tensor({1, 1})});
  refusal(squeezing({0}), {tensor({})});
}

TEST(Squeeze, versions_follow_the_converters_table) {
  EXPECT_EQ(version_of(Squeeze(), {tensor({1, 2}, DType::int8)}), 1);
  EXPECT_EQ(version_of(Squeeze(), {tensor({1, 2}, DType::string)}), 2);
}

TEST(ExpandDims, puts_a_one_at_the_axis) {
  EXPECT_EQ(shape_of(ExpandDims(), {tensor({2, 3}), scalar(1)}), (Shape{2, 1, 3}));
  EXPECT_EQ(shape_of(ExpandDims(), {tensor({2, 3}), ints({2})}), (Shape{2, 3, 1}));
  EXPECT_EQ(shape_of(ExpandDims(), {tensor({}), scalar(0)}), (Shape{1}));
}

TEST(ExpandDims, counts_a_negative_axis_in_the_result) {
  EXPECT_EQ(shape_of(ExpandDims(), {tensor({2, 3}), scalar(-1)}), (Shape{2, 3, 1}));
  EXPECT_EQ(shape_of(ExpandDims(), {tensor({2, 3}), longs({-3})}), (Shape{1, 2, 3}));
}

TEST(ExpandDims, at_a_computed_axis_is_dynamic) {
  EXPECT_EQ(shape_of(ExpandDims(), {tensor({2, 3}), tensor({}, DType::int32)}),
            (Shape{kDynamic, kDynamic, kDynamic}));
}

TEST(ExpandDims, refuses_an_axis_outside_the_result) {
  refusal(ExpandDims(), {tensor({2, 3}), scalar(3)});
  refusal(ExpandDims(), {tensor({2, 3}), scalar(-4)});
  refusal(ExpandDims(), {tensor({2, 3}), longs({int64_t{1} << 40})});
}

TEST(ExpandDims, refuses_several_axes) { refusal(ExpandDims(), {tensor({2}), ints({0, 1})}); }

TEST(ExpandDims, is_of_version_1) {
  EXPECT_EQ(version_of(ExpandDims(), {tensor({2}, DType::int8), scalar(0)}), 1);
}

}  // namespace
}  // namespace litesmith
