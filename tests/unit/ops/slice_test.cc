#include "ops/slice.h"

#include <gmock/gmock.h>

#include <limits>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
const Value kSomeInts = tensor({2}, DType::int32);

TEST(Slice, takes_size_elements_from_begin) {
  EXPECT_EQ(shape_of(Slice(), {tensor({4, 6}), ints({1, 2}), ints({2, 3})}), (Shape{2, 3}));
}

TEST(Slice, takes_the_rest_for_minus_one) {
  EXPECT_EQ(shape_of(Slice(), {tensor({4, 6}), ints({1, 6}), longs({-1, -1})}), (Shape{3, 0}));
}

TEST(Slice, of_a_dynamic_dimension_has_the_size_asked_for) {
  EXPECT_EQ(shape_of(Slice(), {tensor({kDynamic, kDynamic}), ints({1, 2}), ints({2, -1})}),
            (Shape{2, kDynamic}));
}

TEST(Slice, at_a_computed_place_has_the_size_asked_for) {
  EXPECT_EQ(shape_of(Slice(), {tensor({4, 6}), kSomeInts, ints({2, -1})}), (Shape{2, kDynamic}));
}

TEST(Slice, of_a_computed_size_is_dynamic) {
  EXPECT_EQ(shape_of(Slice(), {tensor({4, 6}), ints({1, 2}), kSomeInts}),
            (Shape{kDynamic, kDynamic}));
}

TEST(Slice, refuses_to_reach_outside) {
  EXPECT_THAT(refusal(Slice(), {tensor({4, 6}), ints({1, 2}), ints({4, 3})}),
              HasSubstr("outside dimension 0 of [4, 6]"));
  refusal(Slice(), {tensor({4}), ints({5}), ints({-1})});
  refusal(Slice(), {tensor({4}), ints({kMax}), ints({kMax})});
}

TEST(Slice, refuses_negative_places_and_sizes) {
  refusal(Slice(), {tensor({4}), ints({-1}), ints({1})});
  refusal(Slice(), {tensor({4}), ints({1}), ints({-2})});
  refusal(Slice(), {tensor({kDynamic}), ints({-1}), ints({1})});
}

TEST(Slice, refuses_vectors_of_another_length) {
  refusal(Slice(), {tensor({4, 6}), ints({1}), ints({2, 3})});
  refusal(Slice(), {tensor({4, 6}), kSomeInts, ints({2})});
}

TEST(Slice, versions_follow_the_converters_table) {
  const auto version = [](DType dtype, size_t rank) {
    return version_of(Slice(), {tensor(Shape(rank, 2), dtype), ints(std::vector<int32_t>(rank, 0)),
                                ints(std::vector<int32_t>(rank, 1))});
  };
  EXPECT_EQ(version(DType::float32, 4), 1);
  EXPECT_EQ(version(DType::int8, 4), 2);
  EXPECT_EQ(version(DType::string, 4), 3);
  EXPECT_EQ(version(DType::int16, 4), 4);
  EXPECT_EQ(version(DType::int8, 5), 5);
  EXPECT_EQ(version(DType::uint32, 5), 6);
  EXPECT_EQ(version(DType::int4, 5), 7);
  EXPECT_EQ(version(DType::float16, 5), 8);
}

Split split(int32_t parts) {
  Split op;
  op.num_splits = parts;
  return op;
}

TEST(Split, makes_equal_parts) {
  EXPECT_THAT(shapes_of(split(3), {scalar(1), tensor({2, 6})}),
              ElementsAre(Shape{2, 2}, Shape{2, 2}, Shape{2, 2}));
  EXPECT_THAT(shapes_of(split(2), {ints({-2}), tensor({2, 6})}),
              ElementsAre(Shape{1, 6}, Shape{1, 6}));
}

TEST(Split, of_a_dynamic_dimension_is_dynamic) {
  EXPECT_THAT(shapes_of(split(2), {scalar(0), tensor({kDynamic, 6})}),
              ElementsAre(Shape{kDynamic, 6}, Shape{kDynamic, 6}));
}

TEST(Split, along_a_computed_axis_is_dynamic) {
  EXPECT_THAT(shapes_of(split(1), {tensor({}, DType::int32), tensor({2, 6})}),
              ElementsAre(Shape{kDynamic, kDynamic}));
}

TEST(Split, refuses_parts_that_are_not_equal) {
  EXPECT_THAT(refusal(split(4), {scalar(1), tensor({2, 6})}), HasSubstr("no 4 equal parts"));
}

TEST(Split, refuses_a_number_of_parts_that_cannot_be) {
  for (const int32_t parts : {0, -1, kMax}) refusal(split(parts), {scalar(0), tensor({0})});
}

TEST(Split, refuses_another_number_of_outputs_than_it_says) {
  EXPECT_THAT(refusal(split(2), {scalar(1), tensor({2, 6})}, {tensor({2, 3})}),
              HasSubstr("says it has 2 outputs, not 1"));
}

TEST(Split, refuses_an_axis_outside_the_rank) { refusal(split(1), {scalar(2), tensor({2, 6})}); }

TEST(Split, versions_look_at_what_is_split) {
  const auto version = [](DType dtype) {
    return version_of(split(1), {scalar(0), tensor({2}, dtype)});
  };
  EXPECT_EQ(version(DType::float32), 1);
  EXPECT_EQ(version(DType::int8), 2);
  EXPECT_EQ(version(DType::int32), 3);
  EXPECT_EQ(version(DType::int16), 4);
  EXPECT_EQ(version(DType::float8_e4m3fn), 5);
}

SplitV split_v(int32_t parts) {
  SplitV op;
  op.num_splits = parts;
  return op;
}

TEST(SplitV, makes_parts_of_the_sizes_asked_for) {
  EXPECT_THAT(shapes_of(split_v(2), {tensor({2, 6}), ints({1, 5}), scalar(1)}),
              ElementsAre(Shape{2, 1}, Shape{2, 5}));
}

TEST(SplitV, gives_the_rest_to_minus_one) {
  EXPECT_THAT(shapes_of(split_v(3), {tensor({6}), longs({1, -1, 2}), scalar(0)}),
              ElementsAre(Shape{1}, Shape{3}, Shape{2}));
}

TEST(SplitV, of_a_dynamic_dimension_leaves_the_rest_dynamic) {
  EXPECT_THAT(shapes_of(split_v(2), {tensor({kDynamic}), ints({1, -1}), scalar(0)}),
              ElementsAre(Shape{1}, Shape{kDynamic}));
}

TEST(SplitV, into_computed_sizes_is_dynamic_along_the_axis) {
  EXPECT_THAT(shapes_of(split_v(2), {tensor({2, 6}), kSomeInts, scalar(1)}),
              ElementsAre(Shape{2, kDynamic}, Shape{2, kDynamic}));
}

TEST(SplitV, along_a_computed_axis_is_dynamic) {
  EXPECT_THAT(shapes_of(split_v(2), {tensor({2, 6}), ints({1, 5}), tensor({}, DType::int32)}),
              ElementsAre(Shape{kDynamic, kDynamic}, Shape{kDynamic, kDynamic}));
}

TEST(SplitV, refuses_sizes_that_do_not_fill_the_dimension) {
  EXPECT_THAT(refusal(split_v(2), {tensor({6}), ints({1, 4}), scalar(0)}),
              HasSubstr("a dimension of 6"));
  refusal(split_v(2), {tensor({6}), ints({7, -1}), scalar(0)});
  refusal(split_v(2), {tensor({6}), ints({kMax, kMax}), scalar(0)});
}

TEST(SplitV, refuses_two_rests_and_negative_sizes) {
  refusal(split_v(2), {tensor({6}), ints({-1, -1}), scalar(0)});
  refusal(split_v(2), {tensor({6}), ints({-2, 8}), scalar(0)});
}

TEST(SplitV, refuses_another_number_of_sizes_than_parts) {
  EXPECT_THAT(refusal(split_v(3), {tensor({6}), ints({1, 5}), scalar(0)}),
              HasSubstr("do not fit 3 parts"));
}

TEST(SplitV, versions_follow_the_converters_table) {
  const auto version = [](DType dtype) {
    return version_of(split_v(1), {tensor({2}, dtype), ints({2}), scalar(0)});
  };
  EXPECT_EQ(version(DType::float32), 1);
  EXPECT_EQ(version(DType::int16), 1);
  EXPECT_EQ(version(DType::int8), 2);
  EXPECT_EQ(version(DType::float8_e5m2), 3);
}

Gather gather(int32_t axis, int32_t batch_dims = 0) {
  Gather op;
  op.axis = axis;
  op.batch_dims = batch_dims;
  return op;
}

Value indices(Shape shape, DType dtype = DType::int32) { return tensor(std::move(shape), dtype); }

TEST(Gather, puts_the_indices_in_place_of_the_axis) {
  EXPECT_EQ(shape_of(gather(1), {tensor({2, 9, 4}), indices({3, 5})}), (Shape{2, 3, 5, 4}));
  EXPECT_EQ(shape_of(gather(-1), {tensor({2, 9, 4}), indices({})}), (Shape{2, 9}));
}

TEST(Gather, shares_batch_dimensions) {
  EXPECT_EQ(shape_of(gather(1, 1), {tensor({2, 9, 4}), indices({2, 5})}), (Shape{2, 5, 4}));
}

TEST(Gather, counts_negative_batch_dims_in_the_indices) {
  EXPECT_EQ(shape_of(gather(1, -1), {tensor({2, 9, 4}), indices({2, 5})}), (Shape{2, 5, 4}));
}

TEST(Gather, takes_a_batch_from_whichever_side_knows_it) {
  EXPECT_EQ(shape_of(gather(1, 1), {tensor({kDynamic, 9}), indices({2, 5})}), (Shape{2, 5}));
}

TEST(Gather, leaves_dynamic_dimensions_dynamic) {
  EXPECT_EQ(shape_of(gather(1), {tensor({kDynamic, 9}), indices({kDynamic})}),
            (Shape{kDynamic, kDynamic}));
}

TEST(Gather, refuses_an_axis_outside_the_rank) {
  refusal(gather(3), {tensor({2, 9, 4}), indices({1})});
  refusal(gather(0), {tensor({}), indices({1})});
}

TEST(Gather, refuses_batch_dims_that_do_not_fit) {
  refusal(gather(0, 1), {tensor({2, 9}), indices({2})});
  refusal(gather(1, 2), {tensor({2, 9}), indices({2})});
  refusal(gather(1, -3), {tensor({2, 9}), indices({2})});
}

TEST(Gather, refuses_batches_that_differ) {
  EXPECT_THAT(refusal(gather(1, 1), {tensor({2, 9}), indices({3, 5})}), HasSubstr("differ"));
}

TEST(Gather, versions_follow_the_converters_table) {
  const auto version = [](DType dtype) {
    return version_of(gather(0), {tensor({2}, dtype), indices({1})});
  };
  EXPECT_EQ(version(DType::float32), 1);
  EXPECT_EQ(version(DType::int8), 2);
  EXPECT_EQ(version(DType::boolean), 3);
  EXPECT_EQ(version(DType::int16), 4);
  EXPECT_EQ(version_of(gather(1, 1), {tensor({2, 9}), indices({2, 5})}), 5);
  EXPECT_EQ(version_of(gather(1, 1), {tensor({2, 9}), indices({2, 5}, DType::int16)}), 6);
  EXPECT_EQ(version(DType::int4), 7);
  EXPECT_EQ(version(DType::float8_e5m2), 8);
}

}  // namespace
}  // namespace litesmith
