// Running a plan allocates nothing.
#include <gtest/gtest.h>

#include "ops/arrange.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/pad.h"
#include "ops/pool_2d.h"
#include "ops/reshape.h"
#include "ops/resize.h"
#include "ops/slice.h"
#include "runtime/layer_graphs.h"
#include "testing/allocation_counter.h"
#include "testing/graph_builder.h"
#include "testing/random.h"

namespace litesmith::testing {
namespace {

int allocations_of_invoke(const Graph& graph, const PlanOptions& options) {
  Interpreter interpreter(Plan::make(graph, options));
  return allocations_of([&] {
    interpreter.invoke();
    interpreter.invoke();
  });
}

TEST(Invoke, allocates_nothing) { EXPECT_EQ(allocations_of_invoke(wake_word_graph(), {}), 0); }

// A dense and a depthwise layer in integers and with weights quantized alone.
TEST(Invoke, allocates_nothing_in_integer_and_hybrid_layers) {
  for (const DType dtype : {DType::int8, DType::float32}) {
    for (const auto arithmetic : {Arithmetic::reference, Arithmetic::builtin, Arithmetic::litert}) {
      LayerGraph net;
      const bool integer = dtype == DType::int8;
      const Quantization scale = integer ? scaled({0.1f}, 3) : Quantization();
      DepthwiseConv2D op;
      op.depth_multiplier = 2;
      ValueId x = net.input({2, 6, 5, 3}, dtype, scale);
      const ValueId w =
          net.constant({1, 3, 3, 6}, std::vector<int8_t>(54, 7), scaled({1, 2, 3, 4, 5, 6}, 0, 3));
      x = net.op(op, {x, w}, scale);
      const ValueId v = net.constant({4, 180}, std::vector<int8_t>(720, 5), scaled({0.1f}));
      x = net.op(FullyConnected(), {x, v}, scale);
      EXPECT_EQ(allocations_of_invoke(net.finish(x), {.arithmetic = arithmetic}), 0);
    }
  }
}

TEST(Invoke, allocates_nothing_in_float_layers_and_movers) {
  GraphBuilder builder;
  Random random(2);
  const ValueId x = builder.input("x", {2, 8, 8, 3});
  auto weights = [&](Shape shape) {
    const auto count = static_cast<size_t>(element_count(shape));
    return builder.floats(std::move(shape), random.floats(count));
  };
  ValueId y = builder.op(Conv2D{}, {x, weights({4, 3, 3, 3}), weights({4})});
  y = builder.op(DepthwiseConv2D{}, {y, weights({1, 3, 3, 4}), weights({4})});
  y = builder.op(op_with<MaxPool2D>(&MaxPool2D::filter_width, 2, &MaxPool2D::filter_height, 2),
                 {y});
  y = builder.op(op_with<AveragePool2D>(&AveragePool2D::filter_width, 2), {y});
  y = builder.op(Pad{}, {y, builder.constant<int32_t>("p", {4, 2}, {0, 0, 1, 1, 1, 1, 0, 0})});
  y = builder.op(Transpose{}, {y, builder.ints({0, 2, 1, 3})});
  y = builder.op(ResizeBilinear{}, {y, builder.ints({5, 5})});
  y = builder.op(ResizeNearestNeighbor{}, {y, builder.ints({4, 4})});
  y = builder.op(op_with<Concatenation>(&Concatenation::axis, 3), {y, y});
  y = builder.op(MirrorPad{},
                 {y, builder.constant<int32_t>("m", {4, 2}, {0, 0, 1, 1, 0, 0, 0, 0})});
  y = builder.op(Gather{}, {y, builder.ints({1, 0})});
  const auto axis = builder.constant<int32_t>("axis", {}, {1});
  y = builder.multi_op(op_with<Split>(&Split::num_splits, 2), {axis, y})[1];
  y = builder.op(Tile{}, {y, builder.ints({1, 2, 1, 1})});
  y = builder.op(Slice{}, {y, builder.ints({0, 1, 0, 0}), builder.ints({2, 4, 4, 8})});
  y = builder.op(Reshape{}, {y, builder.ints({2, 128})});
  y = builder.op(FullyConnected{}, {y, weights({5, 128}), weights({5})});
  const Graph graph = builder.model({y}).graph;
  for (const auto arithmetic : {Arithmetic::reference, Arithmetic::builtin, Arithmetic::litert}) {
    EXPECT_EQ(allocations_of_invoke(graph, {.arithmetic = arithmetic}), 0) << to_string(arithmetic);
  }
}

}  // namespace
}  // namespace litesmith::testing
