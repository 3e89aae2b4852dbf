// One layer at a time, for each instruction set of the machine: convolutions of the shapes that
// small networks have, in float32 and int8. MACs a second are the nominal ones.
#include <benchmark/benchmark.h>

#include <string>

#include "benchmark/subject.h"
#include "inspect/macs.h"
#include "runtime/layer_graphs.h"

namespace litesmith {
namespace {

struct Shapes {
  int32_t rows;
  int32_t columns;
  int32_t in;
  int32_t out;
  int32_t taps;
  bool depthwise;
};

constexpr Shapes kShapes[] = {
    {50, 13, 1, 32, 3, false},   // wake word, first
    {24, 5, 32, 64, 3, false},   // wake word, second
    {32, 32, 3, 16, 3, false},   // ResNet-8, first
    {16, 16, 32, 32, 3, false},  // ResNet-8, within
    {25, 5, 64, 64, 1, false},   // keyword spotting, pointwise
    {25, 5, 64, 64, 3, true},    // keyword spotting, depthwise
};

std::string name_of(const Shapes& s) {
  return std::to_string(s.rows) + "x" + std::to_string(s.columns) + "x" + std::to_string(s.in) +
         (s.depthwise ? "_depthwise" : "_to_" + std::to_string(s.out)) + "_" +
         std::to_string(s.taps) + "x" + std::to_string(s.taps);
}

template <class Weight, class Bias>
Graph layer(const Shapes& s, DType dtype) {
  const bool quantized = dtype == DType::int8;
  Random random(1);
  testing::LayerGraph net;
  const auto channels = static_cast<size_t>(s.out);
  const Shape filter_shape =
      s.depthwise ? Shape{1, s.taps, s.taps, s.out} : Shape{s.out, s.taps, s.taps, s.in};
  std::vector<Weight> weights;
  for (const float w : random.floats(static_cast<size_t>(element_count(filter_shape)), -1, 1)) {
    weights.push_back(static_cast<Weight>(quantized ? w * 127 : w));
  }
  auto scale = [&](float value, int64_t zero, size_t count = 1, int32_t dimension = 0) {
    return quantized ? testing::scaled(std::vector<float>(count, value), zero, dimension)
                     : Quantization{};
  };
  const ValueId x = net.input({1, s.rows, s.columns, s.in}, dtype, scale(0.02f, -1));
  const ValueId w =
      net.constant(filter_shape, weights, scale(0.01f, 0, channels, s.depthwise ? 3 : 0));
  const ValueId b = net.constant({s.out}, std::vector<Bias>(channels), scale(0.0002f, 0, channels));
  if (s.depthwise) {
    DepthwiseConv2D op;
    op.activation = Activation::relu;
    return net.finish(net.op(op, {x, w, b}, scale(0.05f, -128)));
  }
  Conv2D op;
  op.activation = Activation::relu;
  return net.finish(net.op(op, {x, w, b}, scale(0.05f, -128)));
}

void add(const std::string& name, const Graph& graph, Isa isa) {
  benchmark::RegisterBenchmark(
      (name + "/" + std::string(to_string(isa))).c_str(), [graph, isa](benchmark::State& state) {
        Subject subject(Plan::make(graph, {.isa = isa}));
        for (auto _ : state) subject.invoke(1);
        int64_t macs = 0;
        for (const NodeMacs& node : macs_by_node(graph)) macs += node.macs.nominal;
        state.counters["MACs"] =
            benchmark::Counter(static_cast<double>(macs * static_cast<int64_t>(state.iterations())),
                               benchmark::Counter::kIsRate);
      });
}

}  // namespace

void register_layers() {
  for (const Isa isa : supported_isas()) {
    for (const Shapes& shapes : kShapes) {
      add("layer/float32/" + name_of(shapes), layer<float, float>(shapes, DType::float32), isa);
      add("layer/int8/" + name_of(shapes), layer<int8_t, int32_t>(shapes, DType::int8), isa);
    }
    add("network/float32/wake_word", testing::wake_word_graph(), isa);
  }
}

}  // namespace litesmith
