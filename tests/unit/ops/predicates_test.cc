// Comparisons, operators on booleans and selections.
#include <gmock/gmock.h>

#include "nodes.h"
#include "ops/comparison.h"
#include "ops/logical.h"
#include "ops/select.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

const Value kFlags = tensor({1, 3}, DType::boolean);

template <class T>
class ComparisonTest : public ::testing::Test {};
using Comparisons = ::testing::Types<Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual>;
TYPED_TEST_SUITE(ComparisonTest, Comparisons);

TYPED_TEST(ComparisonTest, broadcasts_and_makes_booleans) {
  const auto made = infer(TypeParam(), {tensor({2, 1}), tensor({1, kDynamic})});
  EXPECT_EQ(made.at(0).dtype, DType::boolean);
  EXPECT_EQ(made.at(0).shape, (Shape{2, kDynamic}));
}

TYPED_TEST(ComparisonTest, refuses_what_does_not_compare) {
  EXPECT_THAT(refusal(TypeParam(), {tensor({2}), tensor({3})}), HasSubstr("[2] and [3]"));
  EXPECT_THAT(refusal(TypeParam(), {tensor({3}), tensor({3}, DType::int8)}),
              HasSubstr("float32 and int8"));
  refusal(TypeParam(), {tensor({3})});
}

template <class T>
std::vector<int> versions(const T& op) {
  std::vector<int> result;
  for (const DType dtype : {DType::float32, DType::int8, DType::int16, DType::string}) {
    result.push_back(version_of(op, {tensor({3}, dtype), tensor({3}, dtype)}));
  }
  return result;
}

TEST(Comparisons, versions_follow_the_converters_table) {
  EXPECT_EQ(versions(Equal()), (std::vector{1, 2, 5, 3}));
  EXPECT_EQ(versions(NotEqual()), (std::vector{1, 2, 4, 3}));
  EXPECT_EQ(versions(Less()), (std::vector{1, 2, 3, 1}));
  EXPECT_EQ(versions(GreaterEqual()), (std::vector{1, 2, 3, 1}));
  EXPECT_EQ(versions(LessEqual()), (std::vector{1, 2, 1, 1}));
  EXPECT_EQ(versions(Greater()), (std::vector{1, 2, 1, 1}));
}

TEST(LogicalOr, takes_booleans_only) {
  EXPECT_EQ(shape_of(LogicalOr(), {kFlags, tensor({2, 1}, DType::boolean)}), (Shape{2, 3}));
  EXPECT_THAT(refusal(LogicalOr(), {kFlags, tensor({1, 3})}), HasSubstr("float32, not bool"));
  EXPECT_THAT(refusal(LogicalNot(), {tensor({1, 3}, DType::int8)}), HasSubstr("int8, not bool"));
}

TEST(Select, takes_a_condition_for_each_element_row_or_all) {
  const Value values = tensor({4, 2});
  for (const Shape& condition : {Shape{4, 2}, Shape{4}, Shape{}, Shape{kDynamic}}) {
    EXPECT_EQ(shape_of(Select(), {tensor(condition, DType::boolean), values, values}),
              (Shape{4, 2}));
  }
  EXPECT_THAT(refusal(Select(), {tensor({2}, DType::boolean), values, values}),
              HasSubstr("[2] does not fit values [4, 2]"));
}

TEST(Select, does_not_broadcast_its_values) {
  EXPECT_THAT(refusal(Select(), {kFlags, tensor({1, 3}), tensor({3})}),
              HasSubstr("[1, 3] and [3] differ"));
}

TEST(SelectV2, broadcasts_all_three) {
  EXPECT_EQ(shape_of(SelectV2(), {tensor({4, 1, 1}, DType::boolean), tensor({2, 1}), tensor({3})}),
            (Shape{4, 2, 3}));
  EXPECT_THAT(refusal(SelectV2(), {kFlags, tensor({2}), tensor({1})}), HasSubstr("[1, 3] and [2]"));
}

TEST(Select, refuses_other_conditions_and_values_of_two_types) {
  EXPECT_THAT(refusal(SelectV2(), {tensor({3}), tensor({3}), tensor({3})}),
              HasSubstr("float32, not bool"));
  EXPECT_THAT(refusal(Select(), {kFlags, tensor({1, 3}), tensor({1, 3}, DType::int8)}),
              HasSubstr("float32 and int8"));
}

TEST(Select, version_is_3_at_rank_5) {
  const Value flags = tensor({1, 1, 1, 1, 2}, DType::boolean);
  const Value values = tensor({1, 1, 1, 1, 2});
  EXPECT_EQ(version_of(Select(), {flags, values, values}), 3);
  EXPECT_EQ(version_of(Select(), {kFlags, tensor({1, 3}), tensor({1, 3})}), 1);
  EXPECT_EQ(version_of(SelectV2(), {flags, values, values}), 1);
}

}  // namespace
}  // namespace litesmith
