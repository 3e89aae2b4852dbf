#include "ops/arrange.h"

#include <gmock/gmock.h>

#include <limits>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

TEST(Transpose, permutes_the_dimensions) {
  EXPECT_EQ(shape_of(Transpose(), {tensor({2, 3, kDynamic}), ints({2, 0, 1})}),
            (Shape{kDynamic, 2, 3}));
  EXPECT_EQ(shape_of(Transpose(), {tensor({2, 3}), ints({-1, -2})}), (Shape{3, 2}));
}

TEST(Transpose, by_a_computed_permutation_is_dynamic) {
  EXPECT_EQ(shape_of(Transpose(), {tensor({2, 3}), tensor({2}, DType::int32)}),
            (Shape{kDynamic, kDynamic}));
}

TEST(Transpose, refuses_what_is_no_permutation) {
  EXPECT_THAT(refusal(Transpose(), {tensor({2, 3}), ints({1, 1})}), HasSubstr("twice"));
  refusal(Transpose(), {tensor({2, 3}), ints({0, -2})});
  refusal(Transpose(), {tensor({2, 3}), ints({0, 2})});
  refusal(Transpose(), {tensor({2, 3}), ints({0})});
}

TEST(Transpose, refuses_a_permutation_of_another_type) {
  refusal(Transpose(), {tensor({2, 3}), tensor({2})});
  refusal(Transpose(), {tensor({2, 3}), longs({1, 0})});
}

TEST(Transpose, versions_follow_the_converters_table) {
  const auto version = [](DType dtype, size_t rank) {
    std::vector<int32_t> permutation;
    for (size_t i = 0; i < rank; ++i) permutation.push_back(static_cast<int32_t>(i));
    return version_of(Transpose(), {tensor(Shape(rank, 2), dtype), ints(permutation)});
  };
  EXPECT_EQ(version(DType::float32, 4), 1);
  EXPECT_EQ(version(DType::int8, 4), 2);
  EXPECT_EQ(version(DType::boolean, 4), 3);
  EXPECT_EQ(version(DType::int8, 5), 4);
  EXPECT_EQ(version(DType::int16, 5), 5);
  EXPECT_EQ(version(DType::int16, 6), 6);
  EXPECT_EQ(version(DType::int4, 6), 7);
  EXPECT_EQ(version(DType::int4, 7), 8);
  EXPECT_EQ(version(DType::bfloat16, 2), 8);
  EXPECT_EQ(version(DType::float16, 7), 9);
}

Concatenation along(int32_t axis) {
  Concatenation op;
  op.axis = axis;
  return op;
}

TEST(Concatenation, adds_up_the_axis) {
  EXPECT_EQ(shape_of(along(1), {tensor({2, 3}), tensor({2, 4}), tensor({2, 0})}), (Shape{2, 7}));
  EXPECT_EQ(shape_of(along(-2), {tensor({2, 3}), tensor({5, 3})}), (Shape{7, 3}));
  EXPECT_EQ(shape_of(along(0), {tensor({2, 3})}), (Shape{2, 3}));
}

TEST(Concatenation, is_dynamic_along_the_axis_as_soon_as_one_part_is) {
  EXPECT_EQ(shape_of(along(0), {tensor({2}), tensor({kDynamic}), tensor({3})}), (Shape{kDynamic}));
}

TEST(Concatenation, fills_in_dimensions_that_only_one_part_knows) {
  EXPECT_EQ(shape_of(along(1), {tensor({kDynamic, 3}), tensor({2, 4})}), (Shape{2, 7}));
}

TEST(Concatenation, refuses_parts_that_differ_across_the_axis) {
  EXPECT_THAT(refusal(along(1), {tensor({2, 3}), tensor({3, 3})}), HasSubstr("[2, 3] and [3, 3]"));
  refusal(along(1), {tensor({kDynamic, 3}), tensor({3, 3}), tensor({4, 3})});
}

TEST(Concatenation, refuses_parts_of_another_type_or_rank) {
  EXPECT_THAT(refusal(along(0), {tensor({2}), tensor({2}, DType::int8)}),
              HasSubstr("operand 1 is int8[2] beside float32[2]"));
  refusal(along(0), {tensor({2}), tensor({2, 1})});
}

TEST(Concatenation, refuses_a_sum_that_no_dimension_holds) {
  refusal(along(0), {tensor({kMax}), tensor({1})});
}

TEST(Concatenation, refuses_no_parts_absent_parts_and_axes_outside) {
  refusal(along(0), {});
  refusal(along(0), {tensor({2}), kAbsent});
  refusal(along(1), {tensor({2})});
  refusal(along(0), {tensor({})});
}

TEST(Concatenation, versions_follow_the_converters_table) {
  const auto version = [](DType dtype) { return version_of(along(0), {tensor({2}, dtype)}); };
  EXPECT_EQ(version(DType::float32), 1);
  EXPECT_EQ(version(DType::int8), 2);
  EXPECT_EQ(version(DType::int16), 3);
  EXPECT_EQ(version(DType::uint32), 4);
  EXPECT_EQ(version(DType::int4), 5);
  EXPECT_EQ(version(DType::float16), 6);
  EXPECT_EQ(version(DType::float8_e4m3fn), 7);
}

Pack pack(int32_t count, int32_t axis) {
  Pack op;
  op.values_count = count;
  op.axis = axis;
  return op;
}

TEST(Pack, stacks_along_a_new_axis) {
  EXPECT_EQ(shape_of(pack(2, 1), {tensor({3, 4}), tensor({3, 4})}), (Shape{3, 2, 4}));
  EXPECT_EQ(shape_of(pack(3, -1), {tensor({}), tensor({}), tensor({})}), (Shape{3}));
}

TEST(Pack, fills_in_dimensions_that_only_one_part_knows) {
  EXPECT_EQ(shape_of(pack(2, 0), {tensor({kDynamic, 4}), tensor({3, kDynamic})}), (Shape{2, 3, 4}));
}

TEST(Pack, refuses_parts_that_differ) {
  EXPECT_THAT(refusal(pack(2, 0), {tensor({3}), tensor({4})}), HasSubstr("operand 1 differs"));
  refusal(pack(2, 0), {tensor({3}), tensor({3}, DType::int8)});
}

TEST(Pack, refuses_another_number_of_parts_than_it_says) {
  EXPECT_THAT(refusal(pack(3, 0), {tensor({3}), tensor({3})}),
              HasSubstr("values_count is 3 for 2 operands"));
}

TEST(Pack, refuses_an_axis_outside_the_result) {
  refusal(pack(1, 2), {tensor({3})});
  refusal(pack(1, -3), {tensor({3})});
}

TEST(Pack, versions_follow_the_converters_table) {
  const auto version = [](DType dtype) { return version_of(pack(1, 0), {tensor({2}, dtype)}); };
  EXPECT_EQ(version(DType::float32), 1);
  EXPECT_EQ(version(DType::int8), 2);
  EXPECT_EQ(version(DType::int16), 3);
  EXPECT_EQ(version(DType::uint32), 4);
  EXPECT_EQ(version(DType::float8_e4m3fn), 5);
}

Unpack unpack(int32_t num, int32_t axis) {
  Unpack op;
  op.num = num;
  op.axis = axis;
  return op;
}

TEST(Unpack, drops_the_axis) {
  EXPECT_THAT(shapes_of(unpack(3, 1), {tensor({2, 3, 4})}),
              ElementsAre(Shape{2, 4}, Shape{2, 4}, Shape{2, 4}));
  EXPECT_THAT(shapes_of(unpack(2, -1), {tensor({2})}), ElementsAre(Shape{}, Shape{}));
}

TEST(Unpack, believes_num_for_a_dynamic_axis) {
  EXPECT_THAT(shapes_of(unpack(2, 0), {tensor({kDynamic, 4})}), ElementsAre(Shape{4}, Shape{4}));
}

TEST(Unpack, refuses_another_num_than_the_axis_has) {
  EXPECT_THAT(refusal(unpack(2, 0), {tensor({3, 4})}), HasSubstr("num is 2 for dimension 0"));
}

TEST(Unpack, refuses_a_num_that_cannot_be) {
  refusal(unpack(-1, 0), {tensor({kDynamic})});
  refusal(unpack(kMax, 0), {tensor({kDynamic})});
}

TEST(Unpack, refuses_another_number_of_outputs_than_it_says) {
  refusal(unpack(2, 0), {tensor({2})}, {tensor({})});
}

TEST(Unpack, refuses_a_scalar) { refusal(unpack(1, 0), {tensor({})}); }

TEST(Unpack, versions_follow_the_converters_table) {
  const auto version = [](DType dtype) { return version_of(unpack(2, 0), {tensor({2}, dtype)}); };
  EXPECT_EQ(version(DType::float32), 1);
  EXPECT_EQ(version(DType::int8), 2);
  EXPECT_EQ(version(DType::uint8), 2);
  EXPECT_EQ(version(DType::boolean), 3);
  EXPECT_EQ(version(DType::int16), 4);
  EXPECT_EQ(version(DType::bfloat16), 5);
  EXPECT_EQ(version(DType::float8_e5m2), 6);
}

TEST(Tile, repeats_each_dimension) {
  EXPECT_EQ(shape_of(Tile(), {tensor({2, 3}), ints({4, 1})}), (Shape{8, 3}));
  EXPECT_EQ(shape_of(Tile(), {tensor({2}), longs({0})}), (Shape{0}));
}

TEST(Tile, leaves_dynamic_dimensions_dynamic) {
  EXPECT_EQ(shape_of(Tile(), {tensor({kDynamic, 3}), ints({4, 2})}), (Shape{kDynamic, 6}));
}

TEST(Tile, by_computed_multiples_is_dynamic) {
  EXPECT_EQ(shape_of(Tile(), {tensor({2, 3}), tensor({2}, DType::int32)}),
            (Shape{kDynamic, kDynamic}));
}

TEST(Tile, refuses_multiples_that_cannot_be) {
  refusal(Tile(), {tensor({2}), ints({-1})});
  refusal(Tile(), {tensor({2}), ints({kMax})});
  refusal(Tile(), {tensor({2}), ints({1, 1})});
}

TEST(Tile, versions_follow_the_converters_table) {
  const auto version = [](DType dtype) {
    return version_of(Tile(), {tensor({2}, dtype), ints({1})});
  };
  EXPECT_EQ(version(DType::float32), 1);
  EXPECT_EQ(version(DType::string), 2);
  EXPECT_EQ(version(DType::int8), 3);
}

TEST(BroadcastTo, makes_the_shape_asked_for) {
  EXPECT_EQ(shape_of(BroadcastTo(), {tensor({3, 1}), ints({2, 3, 4})}), (Shape{2, 3, 4}));
  EXPECT_EQ(shape_of(BroadcastTo(), {tensor({kDynamic}), longs({4})}), (Shape{4}));
}

TEST(BroadcastTo, a_computed_shape_is_dynamic) {
  EXPECT_EQ(shape_of(BroadcastTo(), {tensor({3}), tensor({2}, DType::int32)}),
            (Shape{kDynamic, kDynamic}));
  EXPECT_EQ(
      shape_of(BroadcastTo(), {tensor({3}), tensor({kDynamic}, DType::int32)}, {tensor({1, 1, 3})}),
      (Shape{kDynamic, kDynamic, kDynamic}));
}

TEST(BroadcastTo, refuses_a_shape_the_input_does_not_fill) {
  refusal(BroadcastTo(), {tensor({3}), ints({4})});
  refusal(BroadcastTo(), {tensor({2, 3}), ints({3})});
  refusal(BroadcastTo(), {tensor({3}), ints({1})});
  refusal(BroadcastTo(), {tensor({3}), ints({-1})});
}

TEST(BroadcastTo, versions_begin_at_2) {
  const auto version = [](DType dtype) {
    return version_of(BroadcastTo(), {tensor({2}, dtype), ints({2})});
  };
  EXPECT_EQ(version(DType::float32), 2);
  EXPECT_EQ(version(DType::int8), 3);
  EXPECT_EQ(version(DType::int16), 3);
  EXPECT_EQ(version(DType::float8_e5m2), 4);
}

}  // namespace
}  // namespace litesmith
