#include "ir/shape.h"

#include <gmock/gmock.h>

#include <limits>

#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

TEST(Shape, is_static_without_dynamic_dimensions) {
  EXPECT_TRUE(is_static({2, 0, 3}));
  EXPECT_TRUE(is_static({}));
  EXPECT_FALSE(is_static({2, kDynamic}));
}

TEST(Shape, counts_its_elements) {
  EXPECT_EQ(element_count({2, 3, 4}), 24);
  EXPECT_EQ(element_count({}), 1);
  EXPECT_EQ(element_count({kMax, kMax}), int64_t{kMax} * kMax);
}

TEST(Shape, with_a_zero_has_no_elements_wherever_the_zero_stands) {
  EXPECT_EQ(element_count({0, kMax, kMax, kMax}), 0);
  EXPECT_EQ(element_count({kMax, kMax, kMax, 0}), 0);
}

TEST(Shape, that_is_dynamic_cannot_be_counted) {
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [] {
                               element_count({2, kDynamic});
                             }),
              HasSubstr("[2, ?]"));
}

TEST(Shape, that_is_dynamic_cannot_be_counted_for_want_of_a_zero_either) {
  thrown_message(ErrorCode::data, [] { element_count({0, kDynamic}); });
}

TEST(Shape, that_overflows_cannot_be_counted) {
  thrown_message(ErrorCode::data, [] { element_count({kMax, kMax, kMax}); });
}

TEST(Shape, takes_a_value_for_its_dynamic_dimensions) {
  EXPECT_EQ(with_dynamic_as({kDynamic, 3, kDynamic}, 8), (Shape{8, 3, 8}));
}

TEST(Shape, is_written_with_question_marks) {
  EXPECT_EQ(to_string(Shape{1, kDynamic, 3}), "[1, ?, 3]");
  EXPECT_EQ(to_string(Shape{}), "[]");
}

TEST(Broadcast, aligns_shapes_at_the_end) {
  EXPECT_EQ(broadcast({4, 1, 3}, {5, 1}), (Shape{4, 5, 3}));
  EXPECT_EQ(broadcast({3}, {2, 1}), (Shape{2, 3}));
  EXPECT_EQ(broadcast({}, {2, 3}), (Shape{2, 3}));
}

TEST(Broadcast, keeps_a_zero_beside_a_one) {
  EXPECT_EQ(broadcast({0, 3}, {1, 3}), (Shape{0, 3}));
  EXPECT_EQ(broadcast({1}, {0}), (Shape{0}));
}

TEST(Broadcast, of_a_dynamic_dimension_is_what_the_other_says) {
  EXPECT_EQ(broadcast({kDynamic}, {5}), (Shape{5}));
  EXPECT_EQ(broadcast({5}, {kDynamic}), (Shape{5}));
  EXPECT_EQ(broadcast({kDynamic}, {0}), (Shape{0}));
}

TEST(Broadcast, of_a_dynamic_dimension_and_one_stays_dynamic) {
  EXPECT_EQ(broadcast({kDynamic}, {1}), (Shape{kDynamic}));
  EXPECT_EQ(broadcast({1}, {kDynamic}), (Shape{kDynamic}));
  EXPECT_EQ(broadcast({kDynamic}, {kDynamic}), (Shape{kDynamic}));
}

TEST(Broadcast, is_the_same_from_both_sides) {
  const std::vector<Shape> shapes = {{},     {1},    {0},    {4},           {kDynamic},
                                     {3, 4}, {1, 4}, {3, 1}, {3, kDynamic}, {2, 3, 4}};
  auto result = [](const Shape& a, const Shape& b) {
    try {
      return to_string(broadcast(a, b));
    } catch (const Error&) {
      return std::string("refused");
    }
  };
  for (const Shape& a : shapes) {
    for (const Shape& b : shapes) EXPECT_EQ(result(a, b), result(b, a));
  }
}

TEST(Broadcast, refuses_what_does_not_fit_and_says_both) {
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [] {
                               broadcast({2, 3}, {2, 4});
                             }),
              HasSubstr("[2, 3] and [2, 4]"));
}

TEST(Broadcast, refuses_a_zero_beside_a_two) {
  thrown_message(ErrorCode::data, [] { broadcast({0}, {2}); });
}

TEST(Axis, is_counted_from_either_end) {
  EXPECT_EQ(normalize_axis(1, 3), 1);
  EXPECT_EQ(normalize_axis(-1, 3), 2);
  EXPECT_EQ(normalize_axis(-3, 3), 0);
}

TEST(Axis, outside_the_rank_is_refused) {
  EXPECT_THAT(thrown_message(ErrorCode::data, [] { normalize_axis(3, 3); }),
              HasSubstr("axis 3 is outside rank 3"));
  thrown_message(ErrorCode::data, [] { normalize_axis(-4, 3); });
  thrown_message(ErrorCode::data, [] { normalize_axis(std::numeric_limits<int>::min(), 3); });
}

TEST(Axis, does_not_exist_in_a_scalar) {
  thrown_message(ErrorCode::data, [] { normalize_axis(0, 0); });
}

}  // namespace
}  // namespace litesmith
