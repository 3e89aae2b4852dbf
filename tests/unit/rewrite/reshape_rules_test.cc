// The rules about changes of shape and order.
#include <gtest/gtest.h>

#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/reduce.h"
#include "ops/reshape.h"
#include "ops/shape_and_cast.h"
#include "ops/slice.h"
#include "ops/unary.h"
#include "rewrite/match.h"
#include "rewrite/only.h"

namespace litesmith {
namespace {

using testing::after;
using testing::GraphBuilder;
using testing::ints_of;
using testing::op_names;
using testing::op_with;
using Ints = std::vector<int32_t>;

TEST(FoldShape, of_a_fixed_shape_is_a_constant) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3});
  const ValueId shape = builder.op(ShapeOf{}, {x});
  const ValueId y = builder.op(Reshape{}, {builder.op(Tanh{}, {x}), shape});
  const Graph graph = after(builder.model({y}), {"fold-shape"});
  EXPECT_EQ(op_names(graph), "TANH RESHAPE");
  EXPECT_EQ(ints_of(graph, 1, 1), (Ints{2, 3}));
}

TEST(FoldShape, not_of_an_open_shape_nor_an_output) {
  GraphBuilder open;
  const ValueId x = open.input("x", {kDynamic, 3});
  const ValueId y = open.op(Reshape{}, {x, open.op(ShapeOf{}, {x})});
  EXPECT_EQ(op_names(after(open.model({y}), {"fold-shape"})), "SHAPE RESHAPE");
  GraphBuilder output;
  const ValueId shape = output.op(ShapeOf{}, {output.input("x", {2})});
  EXPECT_EQ(op_names(after(output.model({shape}), {"fold-shape"})), "SHAPE");
}

// RESHAPE(x, [batch, 12]), the batch taken from the shape of x, as Keras 3.11 has it.
struct Flattened {
  GraphBuilder builder;
  ValueId x = builder.input("x", {kDynamic, 4, 3});
  ValueId shape = builder.op(ShapeOf{}, {x});
  ValueId batch = builder.op(op_with<StridedSlice>(&StridedSlice::shrink_axis_mask, 1),
                             {shape, builder.ints({0}), builder.ints({1}), builder.ints({1})});
  ValueId number(int32_t n) {
    return builder.constant<int32_t>("n" + std::to_string(builder.graph().values.size()), {}, {n});
  }
};

TEST(ReshapeByCount, a_target_with_the_batch_in_it_is_constant) {
  Flattened net;
  const ValueId target =
      net.builder.op(op_with<Pack>(&Pack::values_count, 2), {net.batch, net.number(12)});
  const ValueId y = net.builder.op(Reshape{}, {net.x, target});
  net.builder.graph()[y].shape = {kDynamic, 12};
  const Graph graph = after(net.builder.model({y}), {"reshape-by-count"});
  EXPECT_EQ(op_names(graph), "RESHAPE");
  EXPECT_EQ(ints_of(graph, 0, 1), (Ints{-1, 12}));
}

TEST(ReshapeByCount, through_concatenation_gather_and_reshape) {
  Flattened net;
  const ValueId head = net.builder.op(Gather{}, {net.shape, net.builder.ints({0})});
  const ValueId same = net.builder.op(Reshape{}, {head, net.builder.ints({1})});
  const ValueId target = net.builder.op(Concatenation{}, {same, net.builder.ints({2, 6})});
  const ValueId y = net.builder.op(Reshape{}, {net.x, target});
  const Graph graph = after(net.builder.model({y}), {"reshape-by-count", "remove-dead"});
  EXPECT_EQ(op_names(graph), "RESHAPE");
  EXPECT_EQ(ints_of(graph, 0, 1), (Ints{-1, 2, 6}));
}

TEST(ReshapeByCount, not_with_two_unknown_sizes) {
  Flattened net;
  const ValueId target =
      net.builder.op(op_with<Pack>(&Pack::values_count, 2), {net.batch, net.batch});
  const ValueId y = net.builder.op(Reshape{}, {net.x, target});
  EXPECT_EQ(op_names(after(net.builder.model({y}), {"reshape-by-count"})),
            "SHAPE STRIDED_SLICE PACK RESHAPE");
}

TEST(ReshapeByCount, not_with_a_size_of_zero) {
  Flattened net;
  const ValueId target =
      net.builder.op(op_with<Pack>(&Pack::values_count, 2), {net.batch, net.number(0)});
  const ValueId y = net.builder.op(Reshape{}, {net.x, target});
  EXPECT_EQ(op_names(after(net.builder.model({y}), {"reshape-by-count"})),
            "SHAPE STRIDED_SLICE PACK RESHAPE");
}

TEST(ReshapeByCount, not_from_a_target_that_is_an_input) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 3});
  const ValueId y = builder.op(Reshape{}, {x, builder.input("shape", {2}, DType::int32)});
  const Graph graph = after(builder.model({y}), {"reshape-by-count"});
  EXPECT_FALSE(graph[graph.nodes[0].inputs[1]].is_constant());
}

TEST(SqueezeToReshape, squeeze_and_expand_dims_of_a_fixed_shape) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 1, 3});
  const ValueId y = builder.op(op_with<Squeeze>(&Squeeze::squeeze_dims, Ints{1}), {x});
  const ValueId axis = builder.constant<int32_t>("axis", {}, {0});
  const ValueId z = builder.op(ExpandDims{}, {y, axis});
  const Graph graph = after(builder.model({z}), {"squeeze-to-reshape"});
  EXPECT_EQ(op_names(graph), "RESHAPE RESHAPE");
  EXPECT_EQ(ints_of(graph, 0, 1), (Ints{2, 3}));
  EXPECT_EQ(ints_of(graph, 1, 1), (Ints{1, 2, 3}));
}

TEST(SqueezeToReshape, not_expand_dims_of_an_open_batch) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 1, 3});
  const ValueId y = builder.op(op_with<Squeeze>(&Squeeze::squeeze_dims, Ints{1}), {x});
  const ValueId axis = builder.constant<int32_t>("axis", {}, {1});
  const ValueId z = builder.op(ExpandDims{}, {y, axis});
  const Graph graph = after(builder.model({z}), {"squeeze-to-reshape"});
  EXPECT_EQ(op_names(graph), "RESHAPE EXPAND_DIMS");
  EXPECT_EQ(ints_of(graph, 0, 1), (Ints{-1, 3}));
}

TEST(MergeReshapes, the_last_of_a_chain_does_it) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 4, 3});
  ValueId y = builder.op(Reshape{}, {x, builder.ints({-1, 12})});
  y = builder.op(Reshape{}, {y, builder.ints({-1, 2, 6})});
  y = builder.op(Reshape{}, {y, builder.ints({-1, 3, 4})});
  const Graph graph = after(builder.model({y}), {"merge-reshapes"});
  EXPECT_EQ(op_names(graph), "RESHAPE");
  EXPECT_EQ(ints_of(graph, 0, 1), (Ints{-1, 3, 4}));
}

TEST(MergeReshapes, one_that_is_read_otherwise_too_stays_beside) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {4, 3});
  const ValueId flat = builder.op(Reshape{}, {x, builder.ints({12})});
  const ValueId back = builder.op(Reshape{}, {flat, builder.ints({3, 4})});
  const Graph graph = after(builder.model({flat, back}), {"merge-reshapes"});
  EXPECT_EQ(op_names(graph), "RESHAPE RESHAPE");
  EXPECT_EQ(graph.nodes[1].inputs[0], graph.inputs[0]);
}

TEST(MergeTransposes, two_become_one) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3, 4});
  const ValueId y = builder.op(Transpose{}, {x, builder.ints({2, 0, 1})});
  const ValueId z = builder.op(Transpose{}, {y, builder.ints({0, 2, 1})});
  const Graph graph = after(builder.model({z}), {"merge-transposes"});
  EXPECT_EQ(op_names(graph), "TRANSPOSE");
  EXPECT_EQ(ints_of(graph, 0, 1), (Ints{2, 1, 0}));
}

TEST(MergeTransposes, there_and_back_is_nothing) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3, 4});
  const ValueId y = builder.op(Transpose{}, {x, builder.ints({2, 0, 1})});
  const ValueId z = builder.op(Tanh{}, {builder.op(Transpose{}, {y, builder.ints({1, 2, 0})})});
  EXPECT_EQ(op_names(after(builder.model({z}), {"merge-transposes", "drop-idle"})), "TANH");
}

TEST(MergeTransposes, not_when_the_first_is_read_otherwise_too) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3});
  const ValueId y = builder.op(Transpose{}, {x, builder.ints({1, 0})});
  const ValueId z = builder.op(Transpose{}, {y, builder.ints({1, 0})});
  const Graph graph = after(builder.model({z, builder.op(Tanh{}, {y})}), {"merge-transposes"});
  EXPECT_EQ(op_names(graph), "TRANSPOSE TRANSPOSE TANH");
}

TEST(TransposeToReshape, when_only_ones_change_place) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4, 1, 3});
  const ValueId y = builder.op(Transpose{}, {x, builder.ints({2, 1, 3, 0})});
  const Graph graph = after(builder.model({y}), {"transpose-to-reshape"});
  EXPECT_EQ(op_names(graph), "RESHAPE");
  EXPECT_EQ(ints_of(graph, 0, 1), (Ints{1, 4, 3, 1}));
}

TEST(TransposeToReshape, not_when_data_changes_place_or_the_shape_is_open) {
  GraphBuilder moves;
  const ValueId x = moves.input("x", {1, 4, 3});
  const ValueId y = moves.op(Transpose{}, {x, moves.ints({0, 2, 1})});
  EXPECT_EQ(op_names(after(moves.model({y}), {"transpose-to-reshape"})), "TRANSPOSE");
  GraphBuilder open;
  const ValueId a = open.input("a", {kDynamic, 1, 3});
  const ValueId b = open.op(Transpose{}, {a, open.ints({1, 0, 2})});
  EXPECT_EQ(op_names(after(open.model({b}), {"transpose-to-reshape"})), "TRANSPOSE");
}

TEST(KeepReducedDims, a_reshape_that_brings_them_back_goes) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 5, 6, 3});
  const ValueId mean = builder.op(Mean{}, {x, builder.ints({1, 2})});
  const ValueId y = builder.op(Reshape{}, {mean, builder.ints({-1, 1, 1, 3})});
  const Graph graph = after(builder.model({y}), {"keep-reduced-dims"});
  ASSERT_EQ(op_names(graph), "MEAN");
  EXPECT_TRUE(graph.nodes[0].as<Mean>()->keep_dims);
}

TEST(KeepReducedDims, not_a_reshape_to_another_shape) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 5, 6, 3});
  const ValueId most = builder.op(ReduceMax{}, {x, builder.ints({1, 2})});
  const ValueId y = builder.op(Reshape{}, {most, builder.ints({2, 3, 1, 1})});
  EXPECT_EQ(op_names(after(builder.model({y}), {"keep-reduced-dims"})), "REDUCE_MAX RESHAPE");
}

TEST(DenseWithoutReshape, rows_are_counted_by_the_layer_itself) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4, 5});
  const ValueId rows = builder.op(Reshape{}, {x, builder.ints({4, 5})});
  const ValueId y = builder.op(FullyConnected{}, {rows, builder.ramp({3, 5}), ValueId{}});
  const Graph graph = after(builder.model({y}), {"dense-without-reshape"});
  EXPECT_EQ(op_names(graph), "FULLY_CONNECTED");
  EXPECT_EQ(graph[graph.outputs[0]].shape, (Shape{4, 3}));
}

TEST(DenseWithoutReshape, not_when_the_last_dimension_changes_or_the_batch_is_open) {
  GraphBuilder flat;
  const ValueId x = flat.input("x", {1, 2, 5});
  const ValueId row = flat.op(Reshape{}, {x, flat.ints({1, 10})});
  const ValueId y = flat.op(FullyConnected{}, {row, flat.ramp({3, 10}), ValueId{}});
  EXPECT_EQ(op_names(after(flat.model({y}), {"dense-without-reshape"})), "RESHAPE FULLY_CONNECTED");
  GraphBuilder open;
  const ValueId a = open.input("a", {kDynamic, 1, 5});
  const ValueId b = open.op(Reshape{}, {a, open.ints({-1, 5})});
  const ValueId c = open.op(FullyConnected{}, {b, open.ramp({3, 5}), ValueId{}});
  EXPECT_EQ(op_names(after(open.model({c}), {"dense-without-reshape"})), "RESHAPE FULLY_CONNECTED");
}

TEST(DenseKeepsDims, a_reshape_back_to_the_inputs_dimensions_goes) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 4, 5});
  const ValueId y = builder.op(FullyConnected{}, {x, builder.ramp({3, 5}), ValueId{}});
  const ValueId z = builder.op(Reshape{}, {y, builder.ints({2, 4, 3})});
  const Graph graph = after(builder.model({z}), {"dense-keeps-dims"});
  ASSERT_EQ(op_names(graph), "FULLY_CONNECTED");
  EXPECT_TRUE(graph.nodes[0].as<FullyConnected>()->keep_num_dims);
}

TEST(DenseKeepsDims, not_a_reshape_to_other_dimensions) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 4, 5});
  const ValueId y = builder.op(FullyConnected{}, {x, builder.ramp({3, 5}), ValueId{}});
  const ValueId z = builder.op(Reshape{}, {y, builder.ints({4, 2, 3})});
  EXPECT_EQ(op_names(after(builder.model({z}), {"dense-keeps-dims"})), "FULLY_CONNECTED RESHAPE");
}

TEST(MoveUnaryUp, an_activation_passes_a_reshape_and_is_fused) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 4, 4, 2});
  const ValueId y = builder.op(Conv2D{}, {x, builder.ramp({3, 1, 1, 2}), builder.ramp({3})});
  const ValueId flat = builder.op(Reshape{}, {y, builder.ints({-1, 48})});
  const ValueId z = builder.op(Relu{}, {flat});
  const Graph graph = after(builder.model({z}), {"move-unary-up", "fuse-activation"});
  ASSERT_EQ(op_names(graph), "CONV_2D RESHAPE");
  EXPECT_EQ(fused_activation(*graph.nodes[0].op), Activation::relu);
  EXPECT_EQ(graph[graph.nodes[0].outputs[0]].shape, (Shape{kDynamic, 4, 4, 3}));
}

TEST(MoveUnaryUp, not_past_a_mover_that_something_else_reads) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3});
  const ValueId y = builder.op(Transpose{}, {x, builder.ints({1, 0})});
  const Graph graph = after(builder.model({builder.op(Relu{}, {y}), y}), {"move-unary-up"});
  EXPECT_EQ(op_names(graph), "TRANSPOSE RELU");
}

TEST(MoveUnaryUp, not_what_looks_at_a_whole_row) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3});
  const ValueId y = builder.op(Transpose{}, {x, builder.ints({1, 0})});
  const ValueId z = builder.op(Mean{}, {y, builder.ints({1})});
  EXPECT_EQ(op_names(after(builder.model({z}), {"move-unary-up"})), "TRANSPOSE MEAN");
}

// A convolution over time: its output reshaped, then what `second` is added to it.
struct OverTime {
  GraphBuilder builder;
  ValueId x = builder.input("x", {kDynamic, 1, 6, 2});
  ValueId y = builder.op(Conv2D{}, {x, builder.ramp({4, 1, 1, 2}), builder.ramp({4})});
  ValueId flat = builder.op(Reshape{}, {y, builder.ints({-1, 6, 4})});
};

TEST(MoveBinaryUp, a_batch_norm_meets_the_convolution_over_time) {
  OverTime net;
  ValueId z = net.builder.op(Mul{}, {net.flat, net.builder.ramp({4})});
  z = net.builder.op(Add{}, {z, net.builder.ramp({4})});
  const Graph graph =
      after(net.builder.model({z}), {"move-binary-up", "fold-multiply", "fold-add"});
  EXPECT_EQ(op_names(graph), "CONV_2D RESHAPE");
}

TEST(MoveBinaryUp, a_constant_that_only_ends_the_reshaped_shape_stays) {
  OverTime net;
  const ValueId z = net.builder.op(Add{}, {net.flat, net.builder.ramp({1, 6, 4})});
  EXPECT_EQ(op_names(after(net.builder.model({z}), {"move-binary-up"})), "CONV_2D RESHAPE ADD");
}

TEST(MoveBinaryUp, two_operands_reshaped_alike_are_reshaped_once) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 1, 6, 2});
  const ValueId a = builder.op(Tanh{}, {x});
  const ValueId b = builder.op(Logistic{}, {x});
  const ValueId ra = builder.op(Reshape{}, {a, builder.ints({-1, 6, 2})});
  const ValueId rb = builder.op(Reshape{}, {b, builder.ints({-1, 6, 2})});
  const ValueId sum = builder.op(Add{}, {ra, rb});
  EXPECT_EQ(op_names(after(builder.model({sum}), {"move-binary-up"})), "TANH LOGISTIC ADD RESHAPE");
}

TEST(MoveBinaryUp, not_operands_of_other_shapes) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 6});
  const ValueId y = builder.input("y", {3, 4});
  const ValueId rx = builder.op(Reshape{}, {x, builder.ints({12})});
  const ValueId ry = builder.op(Reshape{}, {y, builder.ints({12})});
  EXPECT_EQ(op_names(after(builder.model({builder.op(Mul{}, {rx, ry})}), {"move-binary-up"})),
            "RESHAPE RESHAPE MUL");
}

TEST(MoveBinaryUp, a_square_of_a_reshaped_value_passes) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 6});
  const ValueId rx = builder.op(Reshape{}, {x, builder.ints({12})});
  const Graph graph = after(builder.model({builder.op(Mul{}, {rx, rx})}), {"move-binary-up"});
  EXPECT_EQ(op_names(graph), "MUL RESHAPE");
}

}  // namespace
}  // namespace litesmith
