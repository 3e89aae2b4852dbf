#include <gmock/gmock.h>

#include <limits>

#include "nodes.h"
#include "ops/slice.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr int32_t kMin = std::numeric_limits<int32_t>::min();

struct Masks {
  int32_t begin = 0;
  int32_t end = 0;
  int32_t ellipsis = 0;
  int32_t new_axis = 0;
  int32_t shrink_axis = 0;
};

StridedSlice masked(Masks masks) {
  StridedSlice op;
  op.begin_mask = masks.begin;
  op.end_mask = masks.end;
  op.ellipsis_mask = masks.ellipsis;
  op.new_axis_mask = masks.new_axis;
  op.shrink_axis_mask = masks.shrink_axis;
  return op;
}

std::vector<Operand> operands(Shape input, const std::vector<int32_t>& begin,
                              const std::vector<int32_t>& end,
                              const std::vector<int32_t>& strides) {
  return {tensor(std::move(input)), ints(begin), ints(end), ints(strides)};
}

// The positions that Python's slice takes, walked one by one.
std::vector<int64_t> python_slice(int64_t size, std::optional<int64_t> begin,
                                  std::optional<int64_t> end, int64_t stride) {
  auto place = [&](std::optional<int64_t> given, int64_t otherwise) {
    if (!given) return otherwise;
    return *given < 0 ? *given + size : *given;
  };
  int64_t at = place(begin, stride > 0 ? 0 : size - 1);
  const int64_t stop = place(end, stride > 0 ? size : -1);
  // What lies before the first or behind the last element is the nearest place at that side.
  if (stride > 0 && at < 0) at = 0;
  if (stride < 0 && at >= size) at = size - 1;
  std::vector<int64_t> positions;
  for (; stride > 0 ? at < stop && at < size : at > stop && at >= 0; at += stride) {
    positions.push_back(at);
  }
  return positions;
}

TEST(StridedSlice, takes_what_pythons_slices_take) {
  for (int32_t size = 0; size <= 4; ++size) {
    for (int32_t begin = -6; begin <= 6; ++begin) {
      for (int32_t end = -6; end <= 6; ++end) {
        for (const int32_t stride : {-3, -2, -1, 1, 2, 3}) {
          for (int32_t open = 0; open < 4; ++open) {
            const StridedSlice op = masked({.begin = open & 1, .end = open >> 1});
            const auto expected =
                python_slice(size, (open & 1) != 0 ? std::nullopt : std::optional<int64_t>(begin),
                             (open & 2) != 0 ? std::nullopt : std::optional<int64_t>(end), stride);
            const SliceRange range = strided_slice_ranges(op, {size}, std::array{begin},
                                                          std::array{end}, std::array{stride})[0];
            std::vector<int64_t> actual;
            for (int32_t i = 0; i < range.count; ++i) {
              actual.push_back(range.start + int64_t{i} * range.stride);
            }
            ASSERT_EQ(actual, expected)
                << size << "[" << begin << ":" << end << ":" << stride << "] open " << open;
            ASSERT_EQ(shape_of(op, operands({size}, {begin}, {end}, {stride})),
                      (Shape{range.count}));
          }
        }
      }
    }
  }
}

TEST(StridedSlice, takes_extreme_bounds_for_open_ones) {
  EXPECT_EQ(shape_of(StridedSlice(), operands({5}, {kMin}, {kMax}, {1})), (Shape{5}));
  EXPECT_EQ(shape_of(StridedSlice(), operands({5}, {kMax}, {kMin}, {-1})), (Shape{5}));
  EXPECT_EQ(shape_of(StridedSlice(), operands({5}, {0}, {kMax}, {kMax})), (Shape{1}));
  EXPECT_EQ(shape_of(StridedSlice(), operands({5}, {kMax}, {kMin}, {kMin})), (Shape{1}));
}

TEST(StridedSlice, leaves_dimensions_behind_the_last_entry_whole) {
  EXPECT_EQ(shape_of(StridedSlice(), operands({4, 5, 6}, {1}, {3}, {1})), (Shape{2, 5, 6}));
}

TEST(StridedSlice, drops_a_dimension_that_shrinks) {
  EXPECT_EQ(
      shape_of(masked({.shrink_axis = 2}), operands({4, 5, 6}, {1, 2, 0}, {3, 0, 6}, {1, 1, 2})),
      (Shape{2, 3}));
}

TEST(StridedSlice, takes_a_shrinking_index_from_either_end) {
  const StridedSlice op = masked({.shrink_axis = 1});
  const auto range = strided_slice_ranges(op, {5}, std::array{-2}, std::array{0}, std::array{1});
  EXPECT_EQ(range[0].start, 3);
  EXPECT_TRUE(range[0].shrink);
}

TEST(StridedSlice, shrinks_to_the_first_where_begin_is_open) {
  const StridedSlice op = masked({.begin = 1, .shrink_axis = 1});
  EXPECT_EQ(strided_slice_ranges(op, {5}, std::array{3}, std::array{0}, std::array{1})[0].start, 0);
}

TEST(StridedSlice, refuses_a_shrinking_index_outside) {
  EXPECT_THAT(refusal(masked({.shrink_axis = 1}), operands({5}, {5}, {6}, {1})),
              HasSubstr("index 5 is outside a dimension of 5"));
  refusal(masked({.shrink_axis = 1}), operands({5}, {-6}, {0}, {1}));
  refusal(masked({.shrink_axis = 1}), operands({0}, {0}, {0}, {1}));
}

TEST(StridedSlice, puts_in_new_axes) {
  // x[tf.newaxis, 1:3, tf.newaxis]
  EXPECT_EQ(shape_of(masked({.new_axis = 5}), operands({4, 5}, {0, 1, 0}, {0, 3, 0}, {1, 1, 1})),
            (Shape{1, 2, 1, 5}));
}

TEST(StridedSlice, tells_new_axes_from_the_inputs_dimensions) {
  const auto ranges = strided_slice_ranges(masked({.new_axis = 1}), {4, 5}, std::array{0, 1},
                                           std::array{0, 3}, std::array{1, 1});
  ASSERT_EQ(ranges.size(), 3u);
  EXPECT_TRUE(ranges[0].new_axis);
  EXPECT_EQ(ranges[1].start, 1);
  EXPECT_EQ(ranges[2].count, 5);
}

TEST(StridedSlice, spreads_an_ellipsis_over_what_is_left) {
  // x[..., 0:2]
  EXPECT_EQ(shape_of(masked({.ellipsis = 1}), operands({4, 5, 6}, {0, 0}, {0, 2}, {1, 1})),
            (Shape{4, 5, 2}));
  // x[1:2, ..., tf.newaxis]
  EXPECT_EQ(shape_of(masked({.ellipsis = 2, .new_axis = 4}),
                     operands({4, 5, 6}, {1, 0, 0}, {2, 0, 0}, {1, 1, 1})),
            (Shape{1, 5, 6, 1}));
}

TEST(StridedSlice, lets_an_ellipsis_stand_for_nothing) {
  EXPECT_EQ(shape_of(masked({.ellipsis = 1}), operands({4}, {0, 1}, {0, 3}, {1, 1})), (Shape{2}));
}

TEST(StridedSlice, refuses_two_ellipses) {
  EXPECT_THAT(refusal(masked({.ellipsis = 3}), operands({4, 5}, {0, 0}, {0, 0}, {1, 1})),
              HasSubstr("more than one ellipsis"));
}

TEST(StridedSlice, counts_an_offset_end_from_begin) {
  StridedSlice op;
  op.offset = true;
  EXPECT_EQ(shape_of(op, operands({9}, {2}, {3}, {1})), (Shape{3}));
  EXPECT_EQ(shape_of(op, operands({9}, {-1}, {1}, {1})), (Shape{1}));
}

TEST(StridedSlice, of_a_dynamic_dimension_is_dynamic) {
  EXPECT_EQ(
      shape_of(masked({.begin = 1, .end = 1}), operands({kDynamic, 5}, {0, 1}, {0, 3}, {1, 1})),
      (Shape{kDynamic, 2}));
}

TEST(StridedSlice, drops_a_shrinking_dimension_that_is_dynamic) {
  EXPECT_EQ(shape_of(masked({.shrink_axis = 1}), operands({kDynamic, 5}, {7}, {8}, {1})),
            (Shape{5}));
}

TEST(StridedSlice, at_computed_places_is_dynamic_where_it_cuts) {
  const Value vector = tensor({2}, DType::int32);
  EXPECT_EQ(shape_of(masked({.shrink_axis = 1}), {tensor({4, 5, 6}), vector, vector, ints({1, 1})}),
            (Shape{kDynamic, 6}));
}

TEST(StridedSlice, by_vectors_of_unknown_length_has_the_rank_the_graph_states) {
  const Value vector = tensor({kDynamic}, DType::int32);
  EXPECT_EQ(shape_of(StridedSlice(), {tensor({4, 5}), vector, vector, vector}, {tensor({4, 5})}),
            (Shape{kDynamic, kDynamic}));
  refusal(StridedSlice(), {tensor({4, 5}), vector, vector, vector});
}

TEST(StridedSlice, refuses_a_stride_of_zero) {
  EXPECT_THAT(refusal(StridedSlice(), operands({5}, {0}, {5}, {0})), HasSubstr("stride is zero"));
}

TEST(StridedSlice, refuses_more_entries_than_dimensions) {
  EXPECT_THAT(refusal(StridedSlice(), operands({5}, {0, 0}, {1, 1}, {1, 1})),
              HasSubstr("2 dimensions are cut, but the input has 1"));
}

TEST(StridedSlice, refuses_more_entries_than_the_masks_have_bits) {
  const std::vector<int32_t> many(32, 1);
  refusal(StridedSlice(), operands(Shape(40, 2), many, many, many));
}

TEST(StridedSlice, takes_an_input_of_many_dimensions) {
  EXPECT_EQ(shape_of(StridedSlice(), operands(Shape(40, 1), {0}, {1}, {1})), Shape(40, 1));
}

TEST(StridedSlice, refuses_vectors_that_differ_in_length_or_type) {
  refusal(StridedSlice(), operands({5}, {0}, {1, 2}, {1}));
  refusal(StridedSlice(), {tensor({5}), longs({0}), longs({1}), longs({1})});
  refusal(StridedSlice(), {tensor({5}), scalar(0), scalar(1), scalar(1)});
}

TEST(StridedSlice, refuses_a_missing_operand) {
  refusal(StridedSlice(), {tensor({5}), ints({0}), ints({1})});
}

TEST(StridedSlice, versions_follow_the_converters_table) {
  const auto version = [](const StridedSlice& op, DType dtype, size_t rank) {
    return version_of(op, {tensor(Shape(rank, 2), dtype), ints({0}), ints({1}), ints({1})});
  };
  StridedSlice offset = masked({.ellipsis = 1});
  offset.offset = true;
  EXPECT_EQ(version({}, DType::float32, 4), 1);
  EXPECT_EQ(version({}, DType::int8, 4), 2);
  EXPECT_EQ(version({}, DType::boolean, 4), 3);
  EXPECT_EQ(version({}, DType::boolean, 5), 4);
  EXPECT_EQ(version({}, DType::string, 5), 5);
  EXPECT_EQ(version(masked({.ellipsis = 1}), DType::string, 5), 6);
  EXPECT_EQ(version(masked({.new_axis = 1}), DType::string, 5), 6);
  EXPECT_EQ(version(masked({.ellipsis = 1}), DType::uint32, 5), 7);
  EXPECT_EQ(version(offset, DType::uint32, 5), 8);
}

}  // namespace
}  // namespace litesmith
