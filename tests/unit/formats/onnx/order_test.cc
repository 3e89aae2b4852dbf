#include "formats/onnx/order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace litesmith::onnx {
namespace {

using ::testing::ElementsAre;

TEST(Order, channels_last_of_any_rank) {
  EXPECT_THAT(channels_last(4), ElementsAre(0, 2, 3, 1));
  EXPECT_THAT(channels_last(3), ElementsAre(0, 2, 1));
  EXPECT_THAT(channels_last(2), ElementsAre(0, 1));
}

TEST(Order, permutations_turn_one_into_the_other) {
  const Shape nchw = {2, 3, 5, 7};
  const Order last = channels_last(4);
  EXPECT_THAT(stored_shape(nchw, last), ElementsAre(2, 5, 7, 3));
  EXPECT_THAT(permutation(plain_order(4), last), ElementsAre(0, 2, 3, 1));
  EXPECT_THAT(permutation(last, plain_order(4)), ElementsAre(0, 3, 1, 2));
  EXPECT_EQ(stored_axis(last, 1), 3);
}

TEST(Order, dimensions_that_go_leave_the_others_in_order) {
  EXPECT_THAT(without(channels_last(4), {false, false, true, true}), ElementsAre(0, 1));
  EXPECT_THAT(without(channels_last(4), {false, true, false, false}), ElementsAre(0, 1, 2));
  EXPECT_THAT(without(channels_last(4), {true, false, false, true}), ElementsAre(1, 0));
}

TEST(Order, nothing_moves_where_only_ones_do) {
  EXPECT_TRUE(keeps_bytes({2, 1, 5, 1}, std::vector<int32_t>{0, 2, 3, 1}));
  EXPECT_FALSE(keeps_bytes({2, 3, 5, 1}, std::vector<int32_t>{0, 2, 3, 1}));
}

}  // namespace
}  // namespace litesmith::onnx
