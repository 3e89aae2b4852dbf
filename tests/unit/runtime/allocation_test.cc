// Running a plan allocates nothing.
#include <gtest/gtest.h>

#include "runtime/layer_graphs.h"
#include "testing/allocation_counter.h"

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

}  // namespace
}  // namespace litesmith::testing
