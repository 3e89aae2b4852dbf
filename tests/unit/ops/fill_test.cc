#include "ops/fill.h"

#include <gmock/gmock.h>

#include "nodes.h"
#include "ops/arrange.h"
#include "ops/cumsum.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

TEST(Fill, has_the_shape_that_operand_0_says) {
  EXPECT_EQ(shape_of(Fill(), {ints({2, 0, 3}), tensor({})}), (Shape{2, 0, 3}));
  EXPECT_EQ(shape_of(Fill(), {tensor({2}, DType::int32), tensor({})}), (Shape{kDynamic, kDynamic}));
}

TEST(Fill, refuses_what_is_no_shape_or_no_number) {
  EXPECT_THAT(refusal(Fill(), {ints({-2}), tensor({})}), HasSubstr("-2"));
  EXPECT_THAT(refusal(Fill(), {ints({2}), tensor({1})}), HasSubstr("no single number"));
}

TEST(OneHot, puts_the_depth_where_the_axis_is) {
  const auto shape = [](int32_t axis) {
    OneHot op;
    op.axis = axis;
    return shape_of(op, {tensor({2, 3}, DType::int32), ints({7}), tensor({}), tensor({})});
  };
  EXPECT_EQ(shape(-1), (Shape{2, 3, 7}));
  EXPECT_EQ(shape(0), (Shape{7, 2, 3}));
  EXPECT_EQ(shape(1), (Shape{2, 7, 3}));
}

TEST(OneHot, refuses_operands_that_do_not_fit) {
  const Value indices = tensor({2}, DType::int32);
  EXPECT_THAT(refusal(OneHot(), {tensor({2}), ints({7}), tensor({}), tensor({})}),
              HasSubstr("types"));
  EXPECT_THAT(refusal(OneHot(), {indices, ints({7}), tensor({2}), tensor({})}),
              HasSubstr("operand 2"));
  OneHot far;
  far.axis = 2;
  EXPECT_THAT(refusal(far, {indices, ints({7}), tensor({}), tensor({})}), HasSubstr("axis"));
}

TEST(ReverseV2, keeps_the_shape_and_refuses_axes_that_are_not_there) {
  EXPECT_EQ(shape_of(ReverseV2(), {tensor({2, 3}), ints({-1})}), (Shape{2, 3}));
  EXPECT_THAT(refusal(ReverseV2(), {tensor({2, 3}), ints({2})}), HasSubstr("axis"));
}

TEST(Cumsum, keeps_the_shape_and_refuses_axes_that_are_not_there) {
  EXPECT_EQ(shape_of(Cumsum(), {tensor({2, 3}), ints({-2})}), (Shape{2, 3}));
  EXPECT_THAT(refusal(Cumsum(), {tensor({2, 3}), ints({2})}), HasSubstr("axis"));
}

}  // namespace
}  // namespace litesmith
