// What threads share, all at once: made for ThreadSanitizer (preset `thread`), and right by itself
// in every other build.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "ops/conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/pool_2d.h"
#include "ops/reduce.h"
#include "ops/softmax.h"
#include "quantize/calibrate.h"
#include "quantize/convert.h"
#include "runtime/batch_interpreter.h"
#include "testing/graph_builder.h"
#include "testing/random.h"

namespace litesmith {
namespace {

using testing::op_with;

constexpr int kThreads = 8;
constexpr int kRuns = 12;

Model network() {
  Random random(3);
  testing::GraphBuilder b;
  auto weights = [&](Shape shape) {
    const auto count = static_cast<size_t>(element_count(shape));
    return b.floats(std::move(shape), random.floats(count, -0.5, 0.5));
  };
  ValueId x = b.input("features", {-1, 12, 12, 3});
  x = b.op(op_with<Conv2D>(&Conv2D::activation, Activation::relu),
           {x, weights({17, 3, 3, 3}), weights({17})});
  MaxPool2D pool;
  pool.stride_w = pool.stride_h = pool.filter_width = pool.filter_height = 2;
  x = b.op(pool, {x});
  x = b.op(Conv2D(), {x, weights({24, 3, 3, 17}), weights({24})});
  x = b.op(Mean(), {x, b.ints({1, 2})});
  x = b.op(FullyConnected(), {x, weights({5, 24}), weights({5})});
  x = b.op(Softmax(), {x}, "probabilities");
  return b.model({x});
}

void fill_with(uint64_t seed, std::span<std::byte> memory) {
  Random random(seed);
  const auto values = random.floats(memory.size() / sizeof(float), -3, 3);
  std::memcpy(memory.data(), values.data(), memory.size());
}

Model calibrated(unsigned threads) {
  const auto fill = [](size_t sample, std::span<const std::span<float>> inputs) {
    fill_with(sample, std::as_writable_bytes(inputs[0]));
  };
  return calibrate(network(), 16, fill, {.threads = threads});
}

std::vector<std::byte> result_of(Interpreter& interpreter, uint64_t seed) {
  fill_with(seed, interpreter.input(0));
  interpreter.invoke();
  const auto output = interpreter.output(0);
  return {output.begin(), output.end()};
}

TEST(Threads, one_plan_serves_many_interpreters) {
  const Model ranges = calibrated(4);
  for (const Mode mode : {Mode::float32, Mode::dynamic_range, Mode::int8, Mode::int16x8}) {
    ConvertNotes notes;
    const Model model = convert(ranges, {.mode = mode}, notes);
    const auto plan = Plan::make(model.graph, {});
    std::vector<std::vector<std::byte>> expected;
    Interpreter alone(plan);
    for (int run = 0; run < kRuns; ++run) {
      expected.push_back(result_of(alone, static_cast<uint64_t>(run)));
    }
    std::atomic<int> wrong{0};
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
          Interpreter own(plan);  // made while others run
          for (int i = 0; i < kRuns; ++i) {
            const int run = (i + t) % kRuns;
            const auto found = result_of(own, static_cast<uint64_t>(run));
            if (found != expected[static_cast<size_t>(run)]) ++wrong;
          }
        });
      }
    }
    EXPECT_EQ(wrong, 0) << to_string(mode);
  }
}

// The tables and lists that are made when first used are made by one.
TEST(Threads, whole_conversions_run_beside_each_other) {
  std::vector<size_t> nodes(kThreads);
  {
    std::vector<std::jthread> threads;
    for (size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        ConvertNotes notes;
        const Model model = convert(calibrated(2), {.mode = Mode::int8}, notes);
        Interpreter interpreter(Plan::make(model.graph, {}));
        result_of(interpreter, t);
        nodes[t] = model.graph.nodes.size();
      });
    }
  }
  EXPECT_EQ(std::ranges::count(nodes, nodes[0]), kThreads);
}

TEST(Threads, the_parts_of_a_batch_do_not_meet) {
  Graph graph = network().graph;
  graph[graph.inputs[0]].shape[0] = 64;
  const auto split = BatchInterpreter::make(graph, {}, 4);
  ASSERT_NE(split, nullptr);
  Interpreter whole(Plan::make(graph, {}));
  std::vector<std::vector<std::byte>> input(1);
  for (uint64_t seed = 0; seed < 4; ++seed) {
    const auto expected = result_of(whole, seed);
    input[0].resize(whole.input(0).size());
    fill_with(seed, input[0]);
    split->invoke(input);
    EXPECT_TRUE(std::ranges::equal(split->output(0), expected));
  }
}

}  // namespace
}  // namespace litesmith
