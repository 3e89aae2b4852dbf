// Running a plan allocates nothing.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "runtime/layer_graphs.h"

namespace {
std::atomic<int> allocations = 0;
}

// Every allocation of this program passes here. Not inlined, or g++ takes the pair for a mismatch.
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace litesmith::testing {
namespace {

int allocations_of_invoke(const Graph& graph, const PlanOptions& options) {
  Interpreter interpreter(Plan::make(graph, options));
  const int before = allocations;
  interpreter.invoke();
  interpreter.invoke();
  return allocations - before;
}

TEST(Invoke, allocates_nothing) {
  EXPECT_GT(allocations, 0);  // they are counted
  EXPECT_EQ(allocations_of_invoke(wake_word_graph(), {}), 0);
}

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
