#include "ops/reduce.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

Mean keeping_dims() {
  Mean op;
  op.keep_dims = true;
  return op;
}

TEST(Reduce, drops_the_axes) {
  EXPECT_EQ(shape_of(Mean(), {tensor({2, 3, 4, 5}), ints({1, 2})}), (Shape{2, 5}));
}

TEST(Reduce, may_keep_them_as_ones) {
  EXPECT_EQ(shape_of(keeping_dims(), {tensor({2, 3, 4, 5}), ints({1, 2})}), (Shape{2, 1, 1, 5}));
}

TEST(Reduce, takes_axes_from_either_end_and_twice) {
  EXPECT_EQ(shape_of(Mean(), {tensor({2, 3, 4}), ints({-1, 2, 0})}), (Shape{3}));
}

TEST(Reduce, takes_a_scalar_axis) {
  EXPECT_EQ(shape_of(Sum(), {tensor({2, 3}), scalar(0)}), (Shape{3}));
}

TEST(Reduce, over_no_axes_keeps_the_shape) {
  EXPECT_EQ(shape_of(ReduceMax(), {tensor({2, 3}), ints({})}), (Shape{2, 3}));
}

TEST(Reduce, over_all_axes_makes_a_scalar) {
  EXPECT_EQ(shape_of(ReduceMin(), {tensor({2, 3}), ints({0, 1})}), (Shape{}));
}

TEST(Reduce, leaves_dynamic_dimensions_dynamic) {
  EXPECT_EQ(shape_of(Mean(), {tensor({kDynamic, 3, 4}), ints({1})}), (Shape{kDynamic, 4}));
}

TEST(Reduce, over_computed_axes_has_the_inputs_rank_when_dims_are_kept) {
  EXPECT_EQ(shape_of(keeping_dims(), {tensor({2, 3}), tensor({1}, DType::int32)}),
            (Shape{kDynamic, kDynamic}));
}

TEST(Reduce, over_computed_axes_has_the_rank_the_graph_states) {
  EXPECT_EQ(
      shape_of(Mean(), {tensor({2, 3, 4}), tensor({kDynamic}, DType::int32)}, {tensor({3, 4})}),
      (Shape{kDynamic, kDynamic}));
}

TEST(Reduce, over_computed_axes_cannot_be_made) {
  EXPECT_THAT(refusal(Mean(), {tensor({2, 3}), tensor({1}, DType::int32)}),
              HasSubstr("computed values"));
}

TEST(Reduce, refuses_an_axis_outside_the_rank) {
  EXPECT_THAT(refusal(Mean(), {tensor({2, 3}), ints({2})}), HasSubstr("axis 2"));
  refusal(Mean(), {tensor({2, 3}), ints({-3})});
}

TEST(Reduce, refuses_axes_of_another_type) {
  refusal(Mean(), {tensor({2, 3}), longs({1})});
  refusal(Mean(), {tensor({2, 3}), tensor({1})});
}

TEST(Reduce, refuses_a_wrong_number_of_operands) {
  refusal(Mean(), {tensor({2, 3})});
  refusal(Mean(), {tensor({2, 3}), ints({1}), ints({1})});
}

TEST(Reduce, versions_follow_the_converters_table) {
  const auto version = [](auto op, DType dtype) {
    return version_of(op, {tensor({2, 3}, dtype), ints({1})});
  };
  EXPECT_EQ(version(Mean(), DType::float32), 1);
  EXPECT_EQ(version(Mean(), DType::int8), 2);
  EXPECT_EQ(version(Mean(), DType::int16), 3);
  EXPECT_EQ(version(ReduceMax(), DType::int16), 3);
  EXPECT_EQ(version(ReduceMin(), DType::int16), 3);
  EXPECT_EQ(version(Sum(), DType::int8), 2);
  EXPECT_EQ(version(Sum(), DType::int16), 1);
}

TEST(ReducedDimensions, are_marked) {
  EXPECT_EQ(reduced_dimensions({2, 3, 4}, ints({-1, 0})), (std::vector<bool>{true, false, true}));
}

}  // namespace
}  // namespace litesmith
