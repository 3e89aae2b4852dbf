#include "ops/segment_sum.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

const Value kRows = tensor({4, 3});

TEST(SegmentSum, makes_a_slice_for_each_segment) {
  EXPECT_EQ(shape_of(SegmentSum(), {kRows, ints({0, 0, 1, 2})}), (Shape{3, 3}));
  EXPECT_EQ(shape_of(SegmentSum(), {kRows, ints({0, 0, 0, 0})}), (Shape{1, 3}));
}

TEST(SegmentSum, leaves_their_number_open_until_it_is_known) {
  EXPECT_EQ(shape_of(SegmentSum(), {kRows, tensor({4}, DType::int32)}), (Shape{kDynamic, 3}));
}

TEST(SegmentSum, refuses_segments_out_of_order) {
  EXPECT_THAT(refusal(SegmentSum(), {kRows, ints({1, 1, 2, 3})}),
              HasSubstr("segment 1 where only 0 can be"));
  EXPECT_THAT(refusal(SegmentSum(), {kRows, ints({0, 1, 3, 3})}),
              HasSubstr("segment 3 where only 1 or 2 can be"));
  EXPECT_THAT(refusal(SegmentSum(), {kRows, ints({0, 1, 0, 1})}), HasSubstr("segment 0"));
  EXPECT_THAT(refusal(SegmentSum(), {kRows, ints({-1, 0, 0, 1})}), HasSubstr("segment -1"));
}

TEST(SegmentSum, refuses_other_operands) {
  EXPECT_THAT(refusal(SegmentSum(), {kRows, ints({0, 0, 1})}), HasSubstr("do not number"));
  EXPECT_THAT(refusal(SegmentSum(), {kRows, tensor({4})}), HasSubstr("do not number"));
  EXPECT_THAT(refusal(SegmentSum(), {tensor({}), ints({0})}), HasSubstr("do not number"));
}

}  // namespace
}  // namespace litesmith
