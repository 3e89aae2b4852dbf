#include <gtest/gtest.h>

#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/fully_connected.h"
#include "ops/pad.h"
#include "ops/reduce.h"
#include "ops/reshape.h"
#include "ops/shape_and_cast.h"
#include "ops/slice.h"
#include "ops/unary.h"
#include "rewrite/only.h"

namespace litesmith {
namespace {

using testing::after;
using testing::GraphBuilder;
using testing::op_names;
using testing::op_with;

// x, one op of it, and a TANH behind, so that the op is no output of the graph.
struct Small {
  GraphBuilder builder;
  ValueId x = builder.input("x", {2, 3});
  ValueId ints(const Shape& shape, const std::vector<int32_t>& elements) {
    return builder.constant("i" + std::to_string(builder.graph().values.size()), shape, elements);
  }
  std::string ops_after(ValueId y, std::string_view rule) {
    return op_names(after(builder.model({builder.op(Tanh{}, {y})}), {rule}));
  }
};

TEST(DropNeutral, a_multiplication_by_ones_goes) {
  Small net;
  EXPECT_EQ(net.ops_after(net.builder.op(Mul{}, {net.x, net.builder.floats({3}, {1, 1, 1})}),
                          "drop-neutral"),
            "TANH");
}

TEST(DropNeutral, an_addition_of_zero_goes) {
  Small net;
  ValueId y = net.builder.op(Add{}, {net.x, net.builder.floats({}, {0})});
  y = net.builder.op(Sub{}, {y, net.builder.floats({}, {0})});
  y = net.builder.op(Div{}, {y, net.builder.floats({}, {1})});
  EXPECT_EQ(net.ops_after(y, "drop-neutral"), "TANH");
}

TEST(DropNeutral, not_with_an_activation) {
  Small net;
  const ValueId y = net.builder.op(op_with<Mul>(&Mul::activation, Activation::relu),
                                   {net.x, net.builder.floats({}, {1})});
  EXPECT_EQ(net.ops_after(y, "drop-neutral"), "MUL TANH");
}

TEST(DropNeutral, not_when_it_broadcasts) {
  Small net;
  const ValueId y = net.builder.op(Mul{}, {net.x, net.builder.floats({1, 1, 1}, {1})});
  EXPECT_EQ(net.ops_after(y, "drop-neutral"), "MUL TANH");
}

TEST(DropNeutral, not_when_one_element_is_not_neutral) {
  Small net;
  const ValueId y = net.builder.op(Add{}, {net.x, net.builder.floats({3}, {0, 0, 1e-30f})});
  EXPECT_EQ(net.ops_after(y, "drop-neutral"), "ADD TANH");
}

TEST(DropNeutral, not_zero_minus_x) {
  Small net;
  const ValueId y = net.builder.op(Sub{}, {net.builder.floats({}, {0}), net.x});
  EXPECT_EQ(net.ops_after(y, "drop-neutral"), "SUB TANH");
}

TEST(DropNeutral, an_output_of_the_graph_keeps_its_name) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3});
  const ValueId y = builder.op(Tanh{}, {x}, "inner");
  const ValueId z = builder.op(Mul{}, {y, builder.floats({}, {1})}, "result");
  const Graph graph = after(builder.model({z}), {"drop-neutral"});
  EXPECT_EQ(op_names(graph), "TANH");
  EXPECT_EQ(graph[graph.outputs[0]].name, "result");
}

TEST(DropNeutral, not_between_an_input_and_an_output_or_two_outputs) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3});
  const ValueId one = builder.floats({}, {1});
  const ValueId from_input = builder.op(Mul{}, {x, one});
  const ValueId inner = builder.op(Tanh{}, {x});
  const ValueId from_output = builder.op(Mul{}, {inner, one});
  const Graph graph = after(builder.model({from_input, inner, from_output}), {"drop-neutral"});
  EXPECT_EQ(op_names(graph), "MUL TANH MUL");
}

TEST(DropIdle, movers_that_move_nothing_go) {
  Small net;
  ValueId y = net.builder.op(Pad{}, {net.x, net.ints({2, 2}, {0, 0, 0, 0})});
  y = net.builder.op(Transpose{}, {y, net.ints({2}, {0, 1})});
  y = net.builder.op(Reshape{}, {y, net.ints({2}, {2, -1})});
  y = net.builder.op(Slice{}, {y, net.ints({2}, {0, 0}), net.ints({2}, {-1, 3})});
  y = net.builder.op(StridedSlice{},
                     {y, net.ints({2}, {0, 0}), net.ints({2}, {2, 3}), net.ints({2}, {1, 1})});
  y = net.builder.op(Tile{}, {y, net.ints({2}, {1, 1})});
  y = net.builder.op(BroadcastTo{}, {y, net.ints({2}, {2, 3})});
  y = net.builder.op(Concatenation{}, {y});
  y = net.builder.op(op_with<Mean>(&Mean::keep_dims, true), {y, net.ints({0}, {})});
  EXPECT_EQ(net.ops_after(y, "drop-idle"), "TANH");
}

TEST(DropIdle, not_a_padding_of_one) {
  Small net;
  const ValueId y = net.builder.op(Pad{}, {net.x, net.ints({2, 2}, {0, 0, 0, 1})});
  EXPECT_EQ(net.ops_after(y, "drop-idle"), "PAD TANH");
}

TEST(DropIdle, not_a_transposition_of_a_square) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {3, 3});
  const ValueId y = builder.op(Transpose{}, {x, builder.ints({1, 0})});
  EXPECT_EQ(op_names(after(builder.model({builder.op(Tanh{}, {y})}), {"drop-idle"})),
            "TRANSPOSE TANH");
}

TEST(DropIdle, not_a_reversal) {
  Small net;
  const ValueId y = net.builder.op(
      op_with<StridedSlice>(&StridedSlice::begin_mask, 3, &StridedSlice::end_mask, 3),
      {net.x, net.ints({2}, {0, 0}), net.ints({2}, {0, 0}), net.ints({2}, {1, -1})});
  EXPECT_EQ(net.ops_after(y, "drop-idle"), "STRIDED_SLICE TANH");
}

TEST(DropIdle, not_repetitions_of_an_open_dimension) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 3});
  const ValueId y = builder.op(Tile{}, {x, builder.ints({2, 1})});
  EXPECT_EQ(op_names(after(builder.model({builder.op(Tanh{}, {y})}), {"drop-idle"})), "TILE TANH");
}

TEST(DropIdle, a_reshape_with_one_open_dimension_goes_and_one_with_two_stays) {
  for (const bool two : {false, true}) {
    GraphBuilder builder;
    const ValueId x = builder.input("x", {kDynamic, two ? kDynamic : 3});
    const ValueId shape = builder.input("shape", {2}, DType::int32);
    const ValueId y = builder.op(Reshape{}, {x, shape});
    builder.graph()[y].shape = builder.graph()[x].shape;
    EXPECT_EQ(op_names(after(builder.model({builder.op(Tanh{}, {y})}), {"drop-idle"})),
              two ? "RESHAPE TANH" : "TANH");
  }
}

TEST(DropIdle, not_where_the_scale_changes) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3}, DType::int8);
  const ValueId y = builder.op(Reshape{}, {x, builder.ints({2, 3})});
  const ValueId z = builder.op(Tanh{}, {y});
  builder.graph()[x].quantization = {.scale = {0.5f}, .zero_point = {0}};
  builder.graph()[y].quantization = {.scale = {0.25f}, .zero_point = {0}};
  builder.graph()[z].quantization = {.scale = {1.0f / 128}, .zero_point = {0}};
  EXPECT_EQ(op_names(after(builder.model({z}), {"drop-idle"})), "RESHAPE TANH");
}

TEST(DropZeroBias, zeros_go_from_a_dense_layer) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 2});
  const ValueId y =
      builder.op(FullyConnected{}, {x, builder.ramp({3, 2}), builder.floats({3}, {0, 0, 0})});
  const Graph graph = after(builder.model({y}), {"drop-zero-bias"});
  EXPECT_FALSE(graph.nodes[0].inputs[2].valid());
}

TEST(DropZeroBias, not_a_bias_that_is_no_zero) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 2});
  const ValueId y =
      builder.op(FullyConnected{}, {x, builder.ramp({3, 2}), builder.floats({3}, {0, 0, 1})});
  EXPECT_TRUE(after(builder.model({y}), {"drop-zero-bias"}).nodes[0].inputs[2].valid());
}

}  // namespace
}  // namespace litesmith
