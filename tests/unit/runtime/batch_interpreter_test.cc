#include "runtime/batch_interpreter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "ops/binary.h"
#include "ops/reduce.h"
#include "runtime/evaluate_node.h"
#include "runtime/layer_graphs.h"
#include "testing/random.h"

namespace litesmith {
namespace {

using testing::LayerGraph;

constexpr int32_t kBatch = 37;

// A dense layer that is worth several threads at this batch.
ValueId dense(LayerGraph& layers, ValueId from, int32_t inputs, int32_t outputs) {
  const auto count = static_cast<size_t>(inputs) * static_cast<size_t>(outputs);
  const ValueId kernel = layers.constant<float>({outputs, inputs}, Random(5).floats(count));
  return layers.op(FullyConnected{}, {from, kernel, ValueId{}});
}

std::vector<std::byte> outputs_of(const Graph& graph, unsigned threads) {
  std::vector<std::byte> input(byte_size(graph[graph.inputs[0]]));
  const auto numbers = Random(9).floats(input.size() / sizeof(float));
  std::memcpy(input.data(), numbers.data(), input.size());
  if (threads == 1) {
    Interpreter interpreter(Plan::make(graph, {}));
    std::ranges::copy(input, interpreter.input(0).begin());
    interpreter.invoke();
    return {interpreter.output(0).begin(), interpreter.output(0).end()};
  }
  const auto interpreter = BatchInterpreter::make(graph, {}, threads);
  EXPECT_NE(interpreter, nullptr);
  if (!interpreter) return {};
  EXPECT_EQ(interpreter->threads(), threads);
  const std::vector<std::vector<std::byte>> inputs = {input};
  interpreter->invoke(inputs);
  return {interpreter->output(0).begin(), interpreter->output(0).end()};
}

TEST(BatchInterpreter, parts_give_the_bytes_of_the_whole) {
  LayerGraph layers;
  const ValueId x = layers.input({kBatch, 512});
  const Graph graph = layers.finish(dense(layers, dense(layers, x, 512, 512), 512, 64));
  const auto whole = outputs_of(graph, 1);
  for (const unsigned threads : {2u, 3u, 4u}) EXPECT_EQ(outputs_of(graph, threads), whole);
}

TEST(BatchInterpreter, samples_that_depend_on_each_other_stay_together) {
  LayerGraph layers;
  const ValueId x = layers.input({kBatch, 512});
  const ValueId y = dense(layers, x, 512, 512);
  const ValueId axes = layers.constant<int32_t>({1}, {0});
  Mean over_samples;
  over_samples.keep_dims = true;
  const ValueId mean = layers.op(over_samples, {y, axes});
  EXPECT_EQ(BatchInterpreter::make(layers.finish(layers.op(Sub{}, {y, mean})), {}, 4), nullptr);
}

TEST(BatchInterpreter, a_constant_for_each_sample_keeps_them_together) {
  LayerGraph layers;
  const ValueId x = layers.input({kBatch, 512});
  const ValueId y = dense(layers, x, 512, 512);
  const ValueId offsets = layers.constant<float>({kBatch, 1}, std::vector<float>(kBatch, 1.0F));
  EXPECT_EQ(BatchInterpreter::make(layers.finish(layers.op(Add{}, {y, offsets})), {}, 4), nullptr);
}

TEST(BatchInterpreter, little_work_is_not_worth_a_thread) {
  LayerGraph layers;
  const ValueId x = layers.input({kBatch, 8});
  EXPECT_EQ(BatchInterpreter::make(layers.finish(dense(layers, x, 8, 8)), {}, 4), nullptr);
}

}  // namespace
}  // namespace litesmith
