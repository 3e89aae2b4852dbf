// Lowered plans against the same plans node by node: fewer steps, less memory, the same bytes.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>

#include "runtime/interpreter.h"
#include "runtime/layer_graphs.h"
#include "testing/random.h"

namespace litesmith {
namespace {

using testing::LayerGraph;
using testing::scaled;

std::string run(const Graph& graph, const PlanOptions& options, uint64_t seed) {
  Interpreter interpreter(Plan::make(graph, options));
  Random random(seed);
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const std::span<std::byte> input = interpreter.input(i);
    if (graph[graph.inputs[i]].dtype == DType::float32) {
      const std::vector<float> values = random.floats(input.size() / sizeof(float), -2, 2);
      std::memcpy(input.data(), values.data(), input.size());
    } else {
      for (std::byte& byte : input) byte = static_cast<std::byte>(random.below(256));
    }
  }
  interpreter.invoke();
  const auto output = interpreter.output(0);
  return {reinterpret_cast<const char*>(output.data()), output.size()};
}

struct Types {
  const char* name;
  DType activations;  // float32, int8 or int16
  DType weights;
};

// Convolutions, pools and their sizes as they come.
class RandomNetwork {
 public:
  RandomNetwork(uint64_t seed, Types types)
      : random_(seed), dtype_(types.activations), weights_(types.weights) {}

  Graph make() {
    Shape shape = {random_.between(1, 2), random_.between(8, 25), random_.between(8, 25),
                   random_.between(1, 5)};
    ValueId x = network_.input(shape, dtype_, activation_scale());
    const int layers = random_.between(1, 5);
    for (int i = 0; i < layers && shape[1] > 4 && shape[2] > 4; ++i) {
      x = random_.below(2) == 0 ? pool(x, shape) : convolution(x, shape);
    }
    return network_.finish(x);
  }

 private:
  bool is_float() const { return dtype_ == DType::float32; }
  Quantization activation_scale() const {
    return is_float() ? Quantization() : scaled({0.1f}, dtype_ == DType::int8 ? 3 : 0);
  }
  static void slide(Shape& shape, int32_t height, int32_t width, int32_t stride, Padding padding) {
    auto after = [&](int32_t size, int32_t window) {
      return padding == Padding::same ? (size + stride - 1) / stride : (size - window) / stride + 1;
    };
    shape[1] = after(shape[1], height);
    shape[2] = after(shape[2], width);
  }

  ValueId convolution(ValueId x, Shape& shape) {
    Conv2D op;
    op.padding = random_.below(3) == 0 ? Padding::same : Padding::valid;
    op.stride_h = op.stride_w = random_.between(1, 2);
    op.activation = random_.below(2) == 0 ? Activation::relu : Activation::none;
    const Shape filter = {random_.between(1, 9), random_.between(1, 3), random_.between(1, 3),
                          shape[3]};
    const auto count = static_cast<size_t>(element_count(filter));
    const auto outputs = static_cast<size_t>(filter[0]);
    ValueId weights;
    ValueId bias;
    if (is_float()) {
      weights = weights_ == DType::float32
                    ? network_.constant(filter, random_.floats(count, -1, 1))
                    : network_.constant(filter, random_.integers<int8_t>(count),
                                        scaled(std::vector<float>(outputs, 0.01f)));
      bias = network_.constant({filter[0]}, random_.floats(outputs, -1, 1));
    } else {
      std::vector<float> scales;
      for (size_t i = 0; i < outputs; ++i) scales.push_back(random_.uniform(0.001f, 0.02f));
      const Quantization per_channel = scaled(scales);
      weights = network_.constant(filter, random_.integers<int8_t>(count), per_channel);
      if (dtype_ == DType::int8) {
        bias = network_.constant({filter[0]}, std::vector<int32_t>(outputs, 17), per_channel);
      } else {
        bias = network_.constant({filter[0]}, std::vector<int64_t>(outputs, 1700), per_channel);
      }
    }
    slide(shape, filter[1], filter[2], op.stride_h, op.padding);
    shape[3] = filter[0];
    return network_.op(op, {x, weights, bias}, activation_scale());
  }

  ValueId pool(ValueId x, Shape& shape) {
    MaxPool2D op;
    op.padding = random_.below(4) == 0 ? Padding::same : Padding::valid;
    op.filter_height = random_.between(1, 3);
    op.filter_width = random_.between(1, 3);
    op.stride_h = op.stride_w = random_.between(1, 3);
    slide(shape, op.filter_height, op.filter_width, op.stride_h, op.padding);
    return network_.op(op, {x}, activation_scale());
  }

  LayerGraph network_;
  Random random_;
  DType dtype_;
  DType weights_;
};

class Lowered_networks : public ::testing::TestWithParam<Types> {};

INSTANTIATE_TEST_SUITE_P(, Lowered_networks,
                         ::testing::Values(Types{"float32", DType::float32, DType::float32},
                                           Types{"hybrid", DType::float32, DType::int8},
                                           Types{"int8", DType::int8, DType::int8},
                                           Types{"int16x8", DType::int16, DType::int8}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(Lowered_networks, give_the_same_bytes) {
  size_t fewer_steps = 0;
  size_t less_memory = 0;
  for (uint64_t seed = 0; seed < 150; ++seed) {
    const Graph graph = RandomNetwork(seed, GetParam()).make();
    for (const Arithmetic arithmetic : {Arithmetic::reference, Arithmetic::litert}) {
      const PlanOptions lowered{.arithmetic = arithmetic};
      const PlanOptions plain{.arithmetic = arithmetic, .lowered = false};
      ASSERT_TRUE(run(graph, lowered, seed) == run(graph, plain, seed)) << "network " << seed;
      const auto lowered_plan = Plan::make(graph, lowered);
      const auto plain_plan = Plan::make(graph, plain);
      fewer_steps += lowered_plan->steps().size() < plain_plan->steps().size() ? 1 : 0;
      less_memory += lowered_plan->arena_bytes() < plain_plan->arena_bytes() ? 1 : 0;
    }
  }
  EXPECT_GT(fewer_steps, 30u);
  EXPECT_GT(less_memory, 20u);
}

TEST(Lowered_wake_word, takes_four_steps_and_a_fifth_of_the_memory) {
  const Graph graph = testing::wake_word_graph();
  const auto lowered = Plan::make(graph, {});
  const auto plain = Plan::make(graph, {.lowered = false});
  EXPECT_EQ(plain->steps().size(), 6u);
  EXPECT_EQ(lowered->steps().size(), 4u);
  EXPECT_LT(lowered->arena_bytes(), plain->arena_bytes() / 5);
}

TEST(Lowered, leaves_a_value_that_another_node_reads_in_its_place) {
  LayerGraph network;
  const ValueId x = network.input({1, 4, 4, 1});
  const ValueId weights = network.constant({1, 1, 1, 1}, std::vector<float>{2});
  const ValueId bias = network.constant({1}, std::vector<float>{1});
  const ValueId y = network.op(testing::valid_conv(), {x, weights, bias});
  const ValueId pooled = network.op(testing::pool_by_two(), {y});
  Graph graph = network.finish(pooled);
  graph.outputs.push_back(y);
  EXPECT_EQ(Plan::make(graph, {})->steps().size(), 2u);
  graph.outputs.pop_back();
  EXPECT_EQ(Plan::make(graph, {})->steps().size(), 1u);
}

TEST(Lowered, never_hides_a_tensor_from_who_observes_all) {
  const Graph graph = testing::wake_word_graph();
  const auto plan = Plan::make(graph, {.observe_all = true});
  EXPECT_EQ(plan->steps().size(), 6u);
  for (size_t i = 0; i < graph.values.size(); ++i) {
    EXPECT_EQ(plan->graph().values[i].shape, graph.values[i].shape);
  }
}

}  // namespace
}  // namespace litesmith
