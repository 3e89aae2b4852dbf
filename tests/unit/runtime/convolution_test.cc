// How layers are bound: which formula an arithmetic stands for, what is refused, and that results
// depend neither on the instruction set nor on whether the filter is a constant.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "base/error.h"
#include "ops/transpose_conv.h"
#include "runtime/layer_graphs.h"
#include "runtime/xnnpack_takes.h"
#include "testing/fnv.h"
#include "testing/thrown.h"

namespace litesmith::testing {
namespace {

uint64_t hash_of_outputs(const Graph& graph, const PlanOptions& options) {
  Random random(7);
  Fnv1a outputs;
  for (int i = 0; i < 4; ++i) {
    const auto output = run_once<float>(graph, random.floats(650, -10, 10), options);
    outputs.add(std::as_bytes(std::span(output)));
  }
  return outputs.hash();
}

// These figures are the same on every machine, compiler and instruction set. The first may only
// change when the order of accumulation is changed on purpose, which changes every calibrated file.
TEST(Wake_word_network, has_the_same_bits_on_every_instruction_set_and_machine) {
  const Graph graph = wake_word_graph();
  for (const Isa isa : supported_isas()) {
    EXPECT_EQ(hash_of_outputs(graph, {.isa = isa, .lowered = false}), 4488777615955126849u)
        << to_string(isa);
    EXPECT_EQ(hash_of_outputs(graph, {.isa = isa}), 18183132995319136269u) << to_string(isa);
  }
}

// An int8 layer of one weight a channel: 0.25 and, behind, ratios that make ties.
Graph tie_layer(Shape filter_shape, DType dtype = DType::int8) {
  LayerGraph net;
  const int32_t units = filter_shape[0];
  const ValueId x = net.input({1, 1}, dtype, scaled({1}));
  const ValueId w = net.constant(filter_shape, std::vector<int8_t>(static_cast<size_t>(units), 1),
                                 scaled({0.25f}));
  const ValueId b =
      net.constant({units}, std::vector<int32_t>(static_cast<size_t>(units), 0), scaled({0.25f}));
  return net.finish(net.op(FullyConnected(), {x, w, b}, scaled({1})));
}

TEST(Int8_dense_layer, rounds_ties_as_each_arithmetic_does) {
  const Graph graph = tie_layer({1, 1});
  auto run = [&](int8_t x, Arithmetic arithmetic) {
    return int{run_once<int8_t>(graph, std::vector<int8_t>{x}, {.arithmetic = arithmetic})[0]};
  };
  // x / 4. The optimized kernel rounds the product first (1/2 up to 1), then halves it, up.
  EXPECT_EQ(run(1, Arithmetic::reference), 0);
  EXPECT_EQ(run(1, Arithmetic::builtin), 1);
  EXPECT_EQ(run(1, Arithmetic::litert), 0);
  // 2 / 4 and 6 / 4: away from zero, or to even.
  EXPECT_EQ(run(2, Arithmetic::reference), 1);
  EXPECT_EQ(run(2, Arithmetic::litert), 0);
  EXPECT_EQ(run(-2, Arithmetic::reference), -1);
  EXPECT_EQ(run(-2, Arithmetic::builtin), 0);
  EXPECT_EQ(run(-6, Arithmetic::litert), -2);
}

// A filter that is an input of the graph runs by the definition, with the same result.
template <class T>
void expect_same_without_constant(Shape shape, DType dtype, const Quantization& x_scale,
                                  const Quantization& w_scale, const Quantization& y_scale) {
  Random random(3);
  const auto count = static_cast<size_t>(element_count(shape));
  std::vector<T> filter(count);
  std::vector<T> sample(5 * 6 * 3);
  for (T& each : filter) each = static_cast<T>(random.between(-100, 100));
  for (T& each : sample) each = static_cast<T>(random.between(-100, 100));
  LayerGraph fixed;
  Conv2D op = valid_conv();
  op.padding = Padding::same;
  ValueId x = fixed.input({1, 5, 6, 3}, dtype, x_scale);
  ValueId w = fixed.constant(shape, filter, w_scale);
  const Graph with_constant = fixed.finish(fixed.op(op, {x, w}, y_scale));

  LayerGraph free;
  x = free.input({1, 5, 6, 3}, dtype, x_scale);
  w = free.input(shape, dtype, w_scale);
  const Graph with_input = free.finish(free.op(op, {x, w}, y_scale));
  for (const auto arithmetic : {Arithmetic::reference, Arithmetic::builtin}) {
    Interpreter interpreter(Plan::make(with_input, {.arithmetic = arithmetic}));
    std::memcpy(interpreter.input(0).data(), sample.data(), sample.size() * sizeof(T));
    std::memcpy(interpreter.input(1).data(), filter.data(), filter.size() * sizeof(T));
    interpreter.invoke();
    const auto expected = run_once<T>(with_constant, sample, {.arithmetic = arithmetic});
    const auto bytes = std::as_bytes(std::span(expected));
    const auto output = interpreter.output(0);
    EXPECT_TRUE(std::equal(output.begin(), output.end(), bytes.begin(), bytes.end()));
  }
}

TEST(A_filter, that_is_no_constant_gives_the_same_result) {
  expect_same_without_constant<float>({7, 2, 3, 3}, DType::float32, {}, {}, {});
  expect_same_without_constant<int8_t>({7, 2, 3, 3}, DType::int8, scaled({0.1f}, 5),
                                       scaled({0.02f}), scaled({0.7f}, -3));
}

TEST(A_hybrid_filter, that_is_no_constant_is_refused) {
  LayerGraph net;
  const ValueId x = net.input({1, 4});
  const ValueId w = net.input({2, 4}, DType::int8, scaled({0.1f}));
  const Graph graph = net.finish(net.op(FullyConnected(), {x, w}));
  EXPECT_THROW(Plan::make(graph, {}), Error);
}

TEST(A_layer, without_scales_is_refused_naming_the_tensor) {
  LayerGraph net;
  const ValueId x = net.input({1, 4}, DType::int8);
  const ValueId w = net.constant({2, 4}, std::vector<int8_t>(8, 1), scaled({0.1f}));
  const Graph graph = net.finish(net.op(FullyConnected(), {x, w}, scaled({1})));
  const std::string message =
      thrown_message(ErrorCode::unsupported, [&] { Plan::make(graph, {}); });
  EXPECT_THAT(message, ::testing::HasSubstr("op 0 FULLY_CONNECTED"));
  EXPECT_THAT(message, ::testing::HasSubstr("'v0'"));
}

TEST(A_layer, whose_scales_are_too_far_apart_is_refused) {
  LayerGraph net;
  const ValueId x = net.input({1, 4}, DType::int8, scaled({1e30f}));
  const ValueId w = net.constant({2, 4}, std::vector<int8_t>(8, 1), scaled({1e8f}));
  const Graph graph = net.finish(net.op(FullyConnected(), {x, w}, scaled({1e-20f})));
  EXPECT_THROW(Plan::make(graph, {.arithmetic = Arithmetic::builtin}), Error);
}

// A small image under a window of a quarter of a million pixels on each side.
TEST(A_layer, whose_padding_is_larger_than_the_memory_limit_is_refused) {
  LayerGraph net;
  Conv2D op;
  op.dilation_h = op.dilation_w = 1 << 14;
  const ValueId x = net.input({1, 2, 2, 1});
  const ValueId w = net.constant({1, 2, 2, 1}, std::vector<float>{1, 2, 3, 4});
  const Graph graph = net.finish(net.op(op, {x, w}));
  EXPECT_THROW(Plan::make(graph, {.memory_limit = 1 << 20}), Error);
}

TEST(A_layer, with_an_activation_that_is_no_clamp_is_refused) {
  LayerGraph net;
  FullyConnected op;
  op.activation = Activation::tanh;
  const ValueId x = net.input({1, 2});
  const ValueId w = net.constant({1, 2}, std::vector<float>{1, 1});
  EXPECT_THROW(Plan::make(net.finish(net.op(op, {x, w})), {}), Error);
}

TEST(A_layer, of_an_empty_batch_does_nothing) {
  LayerGraph net;
  const ValueId x = net.input({0, 2});
  const ValueId w = net.constant({1, 2}, std::vector<float>{1, 1});
  const Graph graph = net.finish(net.op(FullyConnected(), {x, w}));
  EXPECT_TRUE(run_once<float>(graph, std::vector<float>()).empty());
}

// The same pooling for XNNPACK and for the built-in kernel, which round a bound of 1 / (2/3) = 1.5
// steps differently: to even after the zero point is added, away from zero before.
TEST(Int8_pooling, clamps_as_the_kernel_that_takes_it) {
  LayerGraph net;
  MaxPool2D op = pool_by_two();
  op.activation = Activation::relu_n1_to_1;
  const Quantization scale = scaled({2.0f / 3}, 1);
  const ValueId x = net.input({1, 2, 2, 1}, DType::int8, scale);
  const Graph graph = net.finish(net.op(op, {x}, scale));
  const std::vector<int8_t> sample(4, 127);
  EXPECT_EQ(run_once<int8_t>(graph, sample, {.arithmetic = Arithmetic::builtin})[0], 3);
  EXPECT_EQ(run_once<int8_t>(graph, sample, {.arithmetic = Arithmetic::litert})[0], 2);
}

bool takes(const Graph& graph) { return xnnpack_takes(graph.view(graph.nodes[0])); }

TEST(Xnnpack, takes_int8_layers_with_a_constant_scaled_bias) {
  EXPECT_TRUE(takes(tie_layer({4, 1})));
  EXPECT_FALSE(takes(tie_layer({4, 1}, DType::int16)));
  Graph no_scale = tie_layer({4, 1});
  no_scale.values[2].quantization = {};
  EXPECT_FALSE(takes(no_scale));
  Graph weight_zero = tie_layer({4, 1});
  weight_zero.values[1].quantization.zero_point = {1};
  EXPECT_FALSE(takes(weight_zero));
}

TEST(Xnnpack, takes_hybrid_convolutions_but_no_depthwise_ones) {
  auto graph = [](auto op, Shape filter, int32_t dimension) {
    LayerGraph net;
    const ValueId x = net.input({1, 3, 3, 2});
    const auto count = static_cast<size_t>(element_count(filter));
    const ValueId w =
        net.constant(filter, std::vector<int8_t>(count, 1), scaled({1, 2}, 0, dimension));
    const ValueId b = net.constant({2}, std::vector<float>{0, 0});
    return net.finish(net.op(op, {x, w, b}));
  };
  EXPECT_TRUE(takes(graph(Conv2D(), {2, 1, 1, 2}, 0)));
  EXPECT_FALSE(takes(graph(DepthwiseConv2D(), {1, 1, 1, 2}, 3)));
}

TEST(Xnnpack, takes_no_pooling_that_steps_over_pixels_and_no_int8_average) {
  auto graph = [](auto op, int32_t stride) {
    op.stride_h = op.stride_w = stride;
    op.filter_height = op.filter_width = 2;
    LayerGraph net;
    const ValueId x = net.input({1, 6, 6, 1}, DType::int8, scaled({1}));
    return net.finish(net.op(op, {x}, scaled({1})));
  };
  EXPECT_TRUE(takes(graph(MaxPool2D(), 2)));
  EXPECT_FALSE(takes(graph(MaxPool2D(), 3)));
  EXPECT_FALSE(takes(graph(AveragePool2D(), 2)));
}

// A 1x1 layer of one channel over two images: 2 * x + 10, when the filter's code is 2 and its scale
// 1.
TEST(Hybrid_transposed_convolution, quantizes_each_image_by_itself) {
  LayerGraph net;
  const ValueId x = net.input({2, 1, 2, 1});
  const ValueId shape = net.constant<int32_t>({4}, {2, 1, 2, 1});
  const ValueId filter = net.constant<int8_t>({1, 1, 1, 1}, {2}, scaled({1}));
  const ValueId bias = net.constant<float>({1}, {10});
  TransposeConv op;
  op.stride_h = op.stride_w = 1;
  const Graph graph = net.finish(net.op(op, {shape, filter, x, bias}));
  EXPECT_TRUE(takes(graph));
  for (const Arithmetic arithmetic :
       {Arithmetic::reference, Arithmetic::builtin, Arithmetic::litert}) {
    // The second image is a thousandth of the first: as exact, because it has a scale of its own.
    const auto y = run_once<float>(graph, std::vector<float>{1000, -500, 1, -0.5f},
                                   {.arithmetic = arithmetic});
    EXPECT_NEAR(y[0], 2010, 12);
    EXPECT_NEAR(y[1], -990, 12);
    EXPECT_NEAR(y[2], 12, 0.012);
    EXPECT_NEAR(y[3], 9, 0.012);
  }
}

}  // namespace
}  // namespace litesmith::testing
