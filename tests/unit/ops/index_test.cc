#include "ops/index.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

Value indices(const Shape& shape) { return tensor(shape, DType::int32); }

TEST(GatherNd, puts_a_slice_for_each_tuple) {
  EXPECT_EQ(shape_of(GatherNd(), {tensor({4, 5, 6}), indices({2, 3, 2})}), (Shape{2, 3, 6}));
  EXPECT_EQ(shape_of(GatherNd(), {tensor({4, 5}), indices({2})}), (Shape{}));
  EXPECT_EQ(shape_of(GatherNd(), {tensor({4, kDynamic}), indices({kDynamic, 1})}),
            (Shape{kDynamic, kDynamic}));
}

TEST(GatherNd, refuses_tuples_longer_than_the_rank) {
  EXPECT_THAT(refusal(GatherNd(), {tensor({4}), indices({2, 2})}), HasSubstr("longer than"));
  EXPECT_THAT(refusal(GatherNd(), {tensor({4}), tensor({2, 1})}), HasSubstr("no type of indices"));
  EXPECT_THAT(refusal(GatherNd(), {tensor({}), indices({1})}), HasSubstr("scalar"));
}

TEST(GatherNd, versions_follow_the_converters_table) {
  auto of = [](DType params, DType kind) {
    return version_of(GatherNd(), {tensor({4}, params), tensor({2, 1}, kind)});
  };
  EXPECT_EQ(of(DType::int8, DType::int32), 1);
  EXPECT_EQ(of(DType::string, DType::int32), 2);
  EXPECT_EQ(of(DType::int16, DType::int32), 3);
  EXPECT_EQ(of(DType::float32, DType::int16), 4);
  EXPECT_EQ(of(DType::boolean, DType::int32), 5);
}

TEST(ScatterNd, makes_the_shape_of_operand_2) {
  EXPECT_EQ(shape_of(ScatterNd(), {indices({3, 1}), tensor({3, 5}), ints({9, 5})}), (Shape{9, 5}));
}

TEST(ScatterNd, refuses_updates_that_do_not_fit) {
  EXPECT_THAT(refusal(ScatterNd(), {indices({3, 1}), tensor({3, 4}), ints({9, 5})}),
              HasSubstr("[3, 4] at indices [3, 1] do not fit [9, 5]"));
  EXPECT_THAT(refusal(ScatterNd(), {indices({3, 3}), tensor({3}), ints({9, 5})}),
              HasSubstr("do not fit"));
}

TEST(DynamicUpdateSlice, keeps_the_shape) {
  EXPECT_EQ(shape_of(DynamicUpdateSlice(), {tensor({4, 3}), tensor({2, 3}), ints({9, 0})}),
            (Shape{4, 3}));
  EXPECT_THAT(refusal(DynamicUpdateSlice(), {tensor({4, 3}), tensor({5, 3}), ints({0, 0})}),
              HasSubstr("does not fit"));
  EXPECT_THAT(refusal(DynamicUpdateSlice(), {tensor({4, 3}), tensor({1, 1}), ints({0})}),
              HasSubstr("does not fit"));
}

TEST(EmbeddingLookup, puts_a_row_for_each_index) {
  EXPECT_EQ(shape_of(EmbeddingLookup(), {indices({7}), tensor({4, 3, 2})}), (Shape{7, 3, 2}));
  EXPECT_THAT(refusal(EmbeddingLookup(), {indices({7, 1}), tensor({4, 3})}), HasSubstr("vector"));
  EXPECT_THAT(refusal(EmbeddingLookup(), {indices({7}), tensor({4})}), HasSubstr("table"));
}

template <class T>
T giving(DType dtype) {
  T op;
  op.output_type = dtype;
  return op;
}

TEST(ArgMax, drops_the_axis) {
  const auto made = infer(giving<ArgMax>(DType::int64), {tensor({2, 3, 4}), scalar(-2)});
  EXPECT_EQ(made.at(0).shape, (Shape{2, 4}));
  EXPECT_EQ(made.at(0).dtype, DType::int64);
}

TEST(ArgMin, refuses_what_has_no_extreme) {
  EXPECT_THAT(refusal(giving<ArgMin>(DType::int32), {tensor({2, 0}), scalar(1)}),
              HasSubstr("nothing of [2, 0]"));
  EXPECT_THAT(refusal(giving<ArgMin>(DType::int32), {tensor({2}), scalar(1)}), HasSubstr("axis 1"));
  EXPECT_THAT(refusal(giving<ArgMin>(DType::float32), {tensor({2}), scalar(0)}),
              HasSubstr("not float32"));
}

TEST(TopK, makes_as_many_as_operand_1_says) {
  EXPECT_EQ(shapes_of(TopK(), {tensor({2, 9}), scalar(4)}), (std::vector<Shape>{{2, 4}, {2, 4}}));
  EXPECT_EQ(shapes_of(TopK(), {tensor({2, 9}), tensor({1}, DType::int32)}),
            (std::vector<Shape>{{2, kDynamic}, {2, kDynamic}}));
  EXPECT_THAT(refusal(TopK(), {tensor({2, 3}), scalar(4)}), HasSubstr("have no 4 elements"));
}

}  // namespace
}  // namespace litesmith
