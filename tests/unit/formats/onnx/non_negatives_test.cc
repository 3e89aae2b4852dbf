#include "formats/onnx/non_negatives.h"

#include <gtest/gtest.h>

#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/unary.h"
#include "testing/graph_builder.h"

namespace litesmith::onnx {
namespace {

TEST(NonNegatives, come_from_the_node_that_makes_the_value) {
  testing::GraphBuilder b;
  const ValueId x = b.input("x", {1, 4});
  const ValueId relu = b.op(Relu(), {x});
  const ValueId sum = b.op(Add(), {relu, x});
  NonNegatives non_negatives(b.graph());
  EXPECT_TRUE(non_negatives.has(relu));
  EXPECT_FALSE(non_negatives.has(sum));
  EXPECT_FALSE(non_negatives.has(x));
}

TEST(NonNegatives, stay_so_when_they_are_moved) {
  testing::GraphBuilder b;
  const ValueId x = b.input("x", {2, 4});
  const ValueId moved = b.op(Transpose(), {b.op(Logistic(), {x}), b.ints({1, 0})});
  const ValueId other = b.op(Transpose(), {b.op(Tanh(), {x}), b.ints({1, 0})});
  NonNegatives non_negatives(b.graph());
  EXPECT_TRUE(non_negatives.has(moved));
  EXPECT_FALSE(non_negatives.has(other));
}

TEST(NonNegatives, are_seen_in_nodes_that_came_after_the_first_question) {
  testing::GraphBuilder b;
  const ValueId x = b.input("x", {1, 4});
  NonNegatives non_negatives(b.graph());
  EXPECT_FALSE(non_negatives.has(x));
  const ValueId relu = b.op(Relu6(), {x});
  EXPECT_TRUE(non_negatives.has(relu));
}

}  // namespace
}  // namespace litesmith::onnx
