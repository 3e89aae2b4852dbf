#include <gtest/gtest.h>

#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/fully_connected.h"
#include "rewrite/match.h"
#include "rewrite/only.h"

namespace litesmith {
namespace {

using testing::after;
using testing::floats_of;
using testing::GraphBuilder;
using testing::op_names;
using testing::op_with;
using Floats = std::vector<float>;

TEST(FoldAdd, an_addition_becomes_the_bias_of_a_layer_without_one) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 2});
  const ValueId y = builder.op(FullyConnected{}, {x, builder.ramp({3, 2}), ValueId{}});
  const ValueId out = builder.op(op_with<Add>(&Add::activation, Activation::relu6),
                                 {y, builder.floats({3}, {1, 2, 3})});
  const Graph graph = after(builder.model({out}), {"fold-add"});
  ASSERT_EQ(op_names(graph), "FULLY_CONNECTED");
  EXPECT_EQ(floats_of(graph, 0, 2), (Floats{1, 2, 3}));
  EXPECT_EQ(fused_activation(*graph.nodes[0].op), Activation::relu6);
}

struct Convolved {
  GraphBuilder builder;
  ValueId x = builder.input("x", {1, 3, 3, 1});
  ValueId y = builder.op(Conv2D{}, {x, builder.ramp({2, 1, 1, 1}), builder.floats({2}, {0.5f, 4})});
};

TEST(FoldAdd, a_subtraction_is_taken_from_the_bias) {
  Convolved net;
  const ValueId out = net.builder.op(Sub{}, {net.y, net.builder.floats({}, {2})});
  const Graph graph = after(net.builder.model({out}), {"fold-add"});
  ASSERT_EQ(op_names(graph), "CONV_2D");
  EXPECT_EQ(floats_of(graph, 0, 2), (Floats{-1.5f, 2}));
}

TEST(FoldAdd, batch_norm_needs_both_folds_and_rounds_once_an_operation) {
  Convolved net;
  const ValueId scaled = net.builder.op(Mul{}, {net.y, net.builder.floats({2}, {0.1f, 0.3f})});
  const ValueId out = net.builder.op(Add{}, {scaled, net.builder.floats({2}, {0.7f, 0.9f})});
  const Graph graph = after(net.builder.model({out}), {"fold-add", "fold-multiply"});
  ASSERT_EQ(op_names(graph), "CONV_2D");
  const float product = 4 * 0.3f;
  EXPECT_EQ(floats_of(graph, 0, 2), (Floats{0.5f * 0.1f + 0.7f, product + 0.9f}));
}

TEST(FoldAdd, not_a_constant_minus_the_layer) {
  Convolved net;
  const ValueId out = net.builder.op(Sub{}, {net.builder.floats({}, {2}), net.y});
  EXPECT_EQ(op_names(after(net.builder.model({out}), {"fold-add"})), "CONV_2D SUB");
}

TEST(FoldAdd, not_an_addition_that_varies_over_the_image) {
  Convolved net;
  const ValueId out = net.builder.op(Add{}, {net.y, net.builder.ramp({1, 3, 3, 2})});
  EXPECT_EQ(op_names(after(net.builder.model({out}), {"fold-add"})), "CONV_2D ADD");
}

TEST(FoldAdd, not_a_skip_connection) {
  Convolved net;
  const ValueId out = net.builder.op(Add{}, {net.y, net.x});
  EXPECT_EQ(op_names(after(net.builder.model({out}), {"fold-add"})), "CONV_2D ADD");
}

TEST(FoldAdd, not_behind_an_activation) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 2});
  const ValueId y =
      builder.op(op_with<FullyConnected>(&FullyConnected::activation, Activation::relu),
                 {x, builder.ramp({3, 2}), ValueId{}});
  const ValueId out = builder.op(Add{}, {y, builder.ramp({3})});
  EXPECT_EQ(op_names(after(builder.model({out}), {"fold-add"})), "FULLY_CONNECTED ADD");
}

}  // namespace
}  // namespace litesmith
