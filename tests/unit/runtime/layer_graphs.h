// Graphs of one convolution, dense or pooling layer, and the wake-word network, for tests.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/pool_2d.h"
#include "ops/reshape.h"
#include "runtime/interpreter.h"
#include "testing/random.h"

namespace litesmith::testing {

inline Quantization scaled(std::vector<float> scale, int64_t zero_point = 0,
                           int32_t dimension = 0) {
  std::vector<int64_t> zero_points(scale.size(), zero_point);
  return {std::move(scale), std::move(zero_points), dimension};
}

// Values and nodes in the order they are made. Quantized values say so.
class LayerGraph {
 public:
  ValueId input(Shape shape, DType dtype = DType::float32, Quantization quantization = {}) {
    const ValueId id = add(std::move(shape), dtype, std::move(quantization));
    graph_.inputs.push_back(id);
    return id;
  }
  template <class T>
  ValueId constant(Shape shape, const std::vector<T>& elements, Quantization quantization = {}) {
    const ValueId id = graph_.add_constant(name(), std::move(shape), elements);
    graph_[id].quantization = std::move(quantization);
    return id;
  }
  template <class T>
  ValueId op(T attributes, std::vector<ValueId> inputs, Quantization quantization = {}) {
    const ValueId id =
        graph_.append(std::make_shared<T>(std::move(attributes)), std::move(inputs), name());
    graph_[id].quantization = std::move(quantization);
    return id;
  }
  Graph finish(ValueId output) {
    graph_.outputs = {output};
    verify(graph_);
    return graph_;
  }

 private:
  ValueId add(Shape shape, DType dtype, Quantization quantization) {
    return graph_.add({.name = name(),
                       .dtype = dtype,
                       .shape = std::move(shape),
                       .quantization = std::move(quantization)});
  }
  std::string name() { return "v" + std::to_string(count_++); }
  Graph graph_;
  int count_ = 0;
};

inline Conv2D valid_conv(Activation activation = Activation::none) {
  Conv2D op;
  op.padding = Padding::valid;
  op.activation = activation;
  return op;
}

inline MaxPool2D pool_by_two() {
  MaxPool2D op;
  op.padding = Padding::valid;
  op.stride_h = op.stride_w = op.filter_height = op.filter_width = 2;
  return op;
}

// 50 x 13 features, two convolutions with pooling, a dense layer: seeded weights.
inline Graph wake_word_graph() {
  Random random(2024);
  LayerGraph net;
  auto filter = [&](Shape shape, double size) {
    return net.constant(shape,
                        random.floats(static_cast<size_t>(element_count(shape)), -size, size));
  };
  ValueId x = net.input({1, 50, 13, 1});
  x = net.op(valid_conv(Activation::relu), {x, filter({32, 3, 3, 1}, 0.4), filter({32}, 0.1)});
  x = net.op(pool_by_two(), {x});
  x = net.op(valid_conv(Activation::relu), {x, filter({64, 3, 3, 32}, 0.1), filter({64}, 0.1)});
  x = net.op(pool_by_two(), {x});
  const ValueId shape = net.constant<int32_t>({2}, {-1, 704});
  x = net.op(Reshape(), {x, shape});
  x = net.op(FullyConnected(), {x, filter({2, 704}, 0.05), filter({2}, 0.1)});
  return net.finish(x);
}

// Runs a graph of one input and one output on one sample.
template <class Out, class In>
std::vector<Out> run_once(const Graph& graph, const std::vector<In>& sample,
                          const PlanOptions& options = {}) {
  Interpreter interpreter(Plan::make(graph, options));
  const std::span<std::byte> input = interpreter.input(0);
  check(input.size() == sample.size() * sizeof(In), "a sample's size");
  std::ranges::copy(std::as_bytes(std::span(sample)), input.begin());
  interpreter.invoke();
  const std::span<const std::byte> output = interpreter.output(0);
  std::vector<Out> result(output.size() / sizeof(Out));
  std::ranges::copy(output, std::as_writable_bytes(std::span(result)).begin());
  return result;
}

}  // namespace litesmith::testing
