#include "ops/pad.h"

#include <gmock/gmock.h>

#include <limits>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

MirrorPad mirror(MirrorPadMode mode) {
  MirrorPad op;
  op.mode = mode;
  return op;
}

Value amounts(const std::vector<int32_t>& values) {
  return constant(values, Shape{static_cast<int32_t>(values.size() / 2), 2});
}

TEST(Pad, grows_each_dimension_at_both_ends) {
  EXPECT_EQ(shape_of(Pad(), {tensor({2, 3}), amounts({1, 0, 2, 3})}), (Shape{3, 8}));
}

TEST(Pad, takes_amounts_of_64_bits) {
  EXPECT_EQ(shape_of(Pad(), {tensor({2}), constant<int64_t>({1, 4}, Shape{1, 2})}), (Shape{7}));
}

TEST(Pad, leaves_a_dynamic_dimension_dynamic) {
  EXPECT_EQ(shape_of(Pad(), {tensor({kDynamic, 3}), amounts({1, 1, 1, 1})}), (Shape{kDynamic, 5}));
}

TEST(Pad, by_computed_amounts_is_dynamic) {
  EXPECT_EQ(shape_of(Pad(), {tensor({2, 3}), tensor({2, 2}, DType::int32)}),
            (Shape{kDynamic, kDynamic}));
}

TEST(Pad, refuses_amounts_for_another_rank) {
  EXPECT_THAT(refusal(Pad(), {tensor({2, 3}), amounts({1, 1})}), HasSubstr("[1, 2]"));
}

TEST(Pad, refuses_a_negative_amount) {
  EXPECT_THAT(refusal(Pad(), {tensor({2}), amounts({0, -1})}), HasSubstr("-1"));
}

TEST(Pad, refuses_a_negative_amount_of_a_dynamic_dimension_too) {
  refusal(Pad(), {tensor({kDynamic}), amounts({0, -1})});
}

TEST(Pad, refuses_a_sum_that_no_dimension_holds) {
  refusal(Pad(), {tensor({2}), amounts({kMax, kMax})});
  refusal(Pad(), {tensor({1}), constant<int64_t>({0, int64_t{1} << 40}, Shape{1, 2})});
  refusal(Pad(),
          {tensor({1}), constant<int64_t>({std::numeric_limits<int64_t>::max(), 1}, Shape{1, 2})});
}

TEST(Pad, refuses_amounts_that_are_no_integers) { refusal(Pad(), {tensor({2}), tensor({1, 2})}); }

TEST(Pad, refuses_a_wrong_number_of_operands) {
  refusal(Pad(), {tensor({2})});
  refusal(Pad(), {tensor({2}), amounts({0, 0}), tensor({})});
}

TEST(Pad, versions_follow_the_converters_table) {
  const auto version = [](DType dtype, size_t rank) {
    return version_of(Pad(),
                      {tensor(Shape(rank, 2), dtype), amounts(std::vector<int32_t>(2 * rank, 1))});
  };
  EXPECT_EQ(version(DType::float32, 4), 1);
  EXPECT_EQ(version(DType::int8, 4), 2);
  EXPECT_EQ(version(DType::int16, 4), 3);
  EXPECT_EQ(version(DType::int8, 5), 4);
  EXPECT_EQ(version(DType::boolean, 5), 5);
  EXPECT_EQ(version(DType::float8_e5m2, 5), 6);
}

TEST(PadV2, has_one_border_element_of_the_inputs_type) {
  EXPECT_EQ(shape_of(PadV2(), {tensor({2}), amounts({1, 1}), tensor({})}), (Shape{4}));
  EXPECT_EQ(shape_of(PadV2(), {tensor({2}), amounts({1, 1}), tensor({1})}), (Shape{4}));
}

TEST(PadV2, refuses_a_border_of_several_elements) {
  EXPECT_THAT(refusal(PadV2(), {tensor({2}), amounts({1, 1}), tensor({2})}),
              HasSubstr("float32[2]"));
}

TEST(PadV2, refuses_a_border_of_another_type) {
  refusal(PadV2(), {tensor({2}), amounts({1, 1}), tensor({}, DType::int8)});
}

TEST(PadV2, refuses_a_missing_border) { refusal(PadV2(), {tensor({2}), amounts({1, 1})}); }

TEST(PadV2, versions_are_those_of_pad) {
  EXPECT_EQ(
      version_of(PadV2(), {tensor({2}, DType::int16), amounts({1, 1}), tensor({}, DType::int16)}),
      3);
}

TEST(MirrorPad, reflects_all_but_the_border) {
  const MirrorPad op = mirror(MirrorPadMode::reflect);
  EXPECT_EQ(shape_of(op, {tensor({3}), amounts({2, 2})}), (Shape{7}));
  EXPECT_THAT(refusal(op, {tensor({3}), amounts({0, 3})}), HasSubstr("a padding of 3"));
}

TEST(MirrorPad, mirrors_the_border_too_when_symmetric) {
  const MirrorPad op = mirror(MirrorPadMode::symmetric);
  EXPECT_EQ(shape_of(op, {tensor({3}), amounts({3, 3})}), (Shape{9}));
  refusal(op, {tensor({3}), amounts({4, 0})});
}

TEST(MirrorPad, of_nothing_is_left_alone) {
  EXPECT_EQ(shape_of(mirror(MirrorPadMode::reflect), {tensor({0}), amounts({0, 0})}), (Shape{0}));
}

TEST(MirrorPad, by_computed_amounts_is_dynamic) {
  EXPECT_EQ(shape_of(MirrorPad(), {tensor({3}), tensor({1, 2}, DType::int32)}), (Shape{kDynamic}));
}

TEST(MirrorPad, versions_follow_the_converters_table) {
  const auto version = [](DType dtype) {
    return version_of(MirrorPad(), {tensor({3}, dtype), amounts({1, 1})});
  };
  EXPECT_EQ(version(DType::float32), 1);
  EXPECT_EQ(version(DType::int8), 2);
  EXPECT_EQ(version(DType::int16), 3);
}

}  // namespace
}  // namespace litesmith
