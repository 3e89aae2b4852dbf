#include <gtest/gtest.h>

#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/pool_2d.h"
#include "ops/unary.h"
#include "rewrite/match.h"
#include "rewrite/only.h"

namespace litesmith {
namespace {

using testing::after;
using testing::GraphBuilder;
using testing::op_names;
using testing::op_with;

struct Convolved {
  GraphBuilder builder;
  ValueId x = builder.input("x", {kDynamic, 5, 5, 2});
  ValueId y = builder.op(Conv2D{}, {x, builder.ramp({3, 1, 1, 2}), builder.ramp({3})});
};

TEST(FuseActivation, relu_joins_the_convolution_and_the_output_keeps_its_name) {
  Convolved net;
  const ValueId out = net.builder.op(Relu{}, {net.y}, "result");
  const Graph graph = after(net.builder.model({out}), {"fuse-activation"});
  EXPECT_EQ(op_names(graph), "CONV_2D");
  EXPECT_EQ(fused_activation(*graph.nodes[0].op), Activation::relu);
  EXPECT_EQ(graph[graph.outputs[0]].name, "result");
}

TEST(FuseActivation, each_clamp_joins_whatever_op_has_the_attribute) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4, 4, 2});
  const ValueId pooled = builder.op(ReluN1To1{}, {builder.op(MaxPool2D{}, {x})});
  const ValueId product = builder.op(Relu6{}, {builder.op(Mul{}, {pooled, pooled})});
  const Graph graph = after(builder.model({product}), {"fuse-activation"});
  EXPECT_EQ(op_names(graph), "MAX_POOL_2D MUL");
  EXPECT_EQ(fused_activation(*graph.nodes[0].op), Activation::relu_n1_to_1);
  EXPECT_EQ(fused_activation(*graph.nodes[1].op), Activation::relu6);
}

TEST(FuseActivation, not_when_something_else_reads_the_value) {
  Convolved net;
  const ValueId relu = net.builder.op(Relu{}, {net.y});
  const ValueId sum = net.builder.op(Add{}, {relu, net.y});
  EXPECT_EQ(op_names(after(net.builder.model({sum}), {"fuse-activation"})), "CONV_2D RELU ADD");
}

TEST(FuseActivation, not_when_the_value_is_an_output) {
  Convolved net;
  const ValueId relu = net.builder.op(Relu{}, {net.y});
  const Graph graph = after(net.builder.model({relu, net.y}), {"fuse-activation"});
  EXPECT_EQ(op_names(graph), "CONV_2D RELU");
}

TEST(FuseActivation, not_a_second_one) {
  Convolved net;
  const ValueId twice = net.builder.op(Relu6{}, {net.builder.op(Relu{}, {net.y})});
  EXPECT_EQ(op_names(after(net.builder.model({twice}), {"fuse-activation"})), "CONV_2D RELU6");
}

TEST(FuseActivation, not_into_a_concatenation) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4});
  const ValueId relu =
      builder.op(Relu{}, {builder.op(op_with<Concatenation>(&Concatenation::axis, 1), {x, x})});
  EXPECT_EQ(op_names(after(builder.model({relu}), {"fuse-activation"})), "CONCATENATION RELU");
}

TEST(FuseActivation, not_between_quantized_tensors) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4}, DType::int8);
  const ValueId sum = builder.op(Add{}, {x, x});
  const ValueId relu = builder.op(Relu{}, {sum});
  for (const ValueId id : {x, sum, relu}) {
    builder.graph()[id].quantization = {.scale = {0.5f}, .zero_point = {0}};
  }
  EXPECT_EQ(op_names(after(builder.model({relu}), {"fuse-activation"})), "ADD RELU");
}

}  // namespace
}  // namespace litesmith
