#include <gtest/gtest.h>

#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/transpose_conv.h"
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

TEST(FoldMultiply, a_factor_a_channel_scales_a_convolution_and_its_bias) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 4, 4, 2});
  const ValueId y = builder.op(
      Conv2D{}, {x, builder.floats({2, 1, 1, 2}, {1, 2, 3, 4}), builder.floats({2}, {5, 6})});
  const ValueId out = builder.op(op_with<Mul>(&Mul::activation, Activation::relu),
                                 {y, builder.floats({2}, {10, 0.1f})});
  const Graph graph = after(builder.model({out}), {"fold-multiply"});
  ASSERT_EQ(op_names(graph), "CONV_2D");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{10, 20, 3 * 0.1f, 4 * 0.1f}));
  EXPECT_EQ(floats_of(graph, 0, 2), (Floats{50, 6 * 0.1f}));
  EXPECT_EQ(fused_activation(*graph.nodes[0].op), Activation::relu);
}

TEST(FoldMultiply, depthwise_channels_are_the_last_dimension) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4, 4, 2});
  const ValueId y = builder.op(DepthwiseConv2D{}, {x, builder.floats({1, 2, 1, 2}, {1, 2, 3, 4}),
                                                   builder.floats({2}, {5, 6})});
  const ValueId out = builder.op(Mul{}, {y, builder.floats({1, 1, 1, 2}, {2, 3})});
  const Graph graph = after(builder.model({out}), {"fold-multiply"});
  ASSERT_EQ(op_names(graph), "DEPTHWISE_CONV_2D");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{2, 6, 6, 12}));
}

TEST(FoldMultiply, a_transposed_convolution_has_its_operands_in_another_order) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4, 4, 2});
  TransposeConv op;
  op.stride_h = op.stride_w = 1;
  const ValueId y = builder.op(
      std::move(op), {builder.ints({1, 4, 4, 2}), builder.floats({2, 1, 1, 2}, {1, 2, 3, 4}), x,
                      builder.floats({2}, {5, 6})});
  const ValueId out = builder.op(Mul{}, {y, builder.floats({2}, {2, 3})});
  const Graph graph = after(builder.model({out}), {"fold-multiply"});
  ASSERT_EQ(op_names(graph), "TRANSPOSE_CONV");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{2, 4, 9, 12}));
  EXPECT_EQ(floats_of(graph, 0, 3), (Floats{10, 18}));
}

TEST(FoldMultiply, scales_that_training_has_learned_are_multiplied_too) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 4, 4, 2});
  const ValueId filter = builder.floats({2, 1, 1, 2}, {1, 2, 3, 4});
  builder.graph()[filter].learned_scales = {0.5};
  const ValueId y = builder.op(Conv2D{}, {x, filter, builder.floats({2}, {5, 6})});
  const ValueId out = builder.op(Mul{}, {y, builder.floats({2}, {10, -2})});
  const Graph graph = after(builder.model({out}), {"fold-multiply"});
  ASSERT_EQ(op_names(graph), "CONV_2D");
  EXPECT_EQ(graph[graph.nodes[0].inputs[1]].learned_scales, (std::vector<double>{5, 1}));
}

TEST(FoldMultiply, a_division_divides) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 2});
  const ValueId y = builder.op(FullyConnected{}, {x, builder.floats({1, 2}, {1, 2}), ValueId{}});
  const ValueId out = builder.op(Div{}, {y, builder.floats({}, {3})});
  const Graph graph = after(builder.model({out}), {"fold-multiply"});
  ASSERT_EQ(op_names(graph), "FULLY_CONNECTED");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{1 / 3.0f, 2 / 3.0f}));
  EXPECT_FALSE(graph.nodes[0].inputs[2].valid());
}

struct Dense {
  GraphBuilder builder;
  ValueId x = builder.input("x", {2, 3});
  ValueId w = builder.ramp({2, 3});
  ValueId plain = builder.op(FullyConnected{}, {x, w, builder.ramp({2})});
};

TEST(FoldMultiply, not_a_factor_that_varies_over_rows) {
  Dense net;
  const ValueId out = net.builder.op(Mul{}, {net.plain, net.builder.ramp({2, 1})});
  EXPECT_EQ(op_names(after(net.builder.model({out}), {"fold-multiply"})), "FULLY_CONNECTED MUL");
}

TEST(FoldMultiply, not_a_factor_that_adds_a_dimension) {
  Dense net;
  const ValueId out = net.builder.op(Mul{}, {net.plain, net.builder.ramp({1, 1, 2})});
  EXPECT_EQ(op_names(after(net.builder.model({out}), {"fold-multiply"})), "FULLY_CONNECTED MUL");
}

TEST(FoldMultiply, not_behind_an_activation) {
  Dense net;
  const ValueId y =
      net.builder.op(op_with<FullyConnected>(&FullyConnected::activation, Activation::relu),
                     {net.x, net.w, net.builder.ramp({2})});
  const ValueId out = net.builder.op(Mul{}, {y, net.builder.ramp({2})});
  EXPECT_EQ(op_names(after(net.builder.model({out}), {"fold-multiply", "remove-dead"})),
            "FULLY_CONNECTED MUL");
}

TEST(FoldMultiply, not_when_the_plain_result_is_read_too) {
  Dense net;
  const ValueId out = net.builder.op(Mul{}, {net.plain, net.builder.ramp({2})});
  const Graph graph = after(net.builder.model({out, net.plain}), {"fold-multiply"});
  EXPECT_EQ(op_names(graph), "FULLY_CONNECTED MUL");
}

TEST(FoldMultiply, not_a_computed_factor) {
  Dense net;
  const ValueId k = net.builder.input("k", {2});
  const ValueId out = net.builder.op(Mul{}, {net.plain, k});
  EXPECT_EQ(op_names(after(net.builder.model({out}), {"fold-multiply"})), "FULLY_CONNECTED MUL");
}

TEST(FoldMultiply, weights_that_another_layer_shares_stay_as_they_were_for_it) {
  Dense net;
  const ValueId other = net.builder.op(FullyConnected{}, {net.x, net.w, ValueId{}});
  const ValueId out = net.builder.op(Mul{}, {net.plain, net.builder.floats({}, {2})});
  const Graph graph = after(net.builder.model({out, other}), {"fold-multiply"});
  ASSERT_EQ(op_names(graph), "FULLY_CONNECTED FULLY_CONNECTED");
  EXPECT_EQ(floats_of(graph, 0, 1), (Floats{-1, -0.75f, -0.5f, -0.25f, 0, 0.25f}));
  EXPECT_EQ(floats_of(graph, 1, 1), (Floats{-2, -1.5f, -1, -0.5f, 0, 0.5f}));
}

}  // namespace
}  // namespace litesmith
