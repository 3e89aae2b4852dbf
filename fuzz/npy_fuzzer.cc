// A .npy or .npz file from anywhere: read as samples and as labels, fed to small networks of each
// kind of input and run.
#include <memory>

#include "attempt.h"
#include "data/labels.h"
#include "evaluate/outputs.h"
#include "ops/reshape.h"

namespace litesmith {
namespace {

// Samples that one execution reads, however many the file claims to hold.
constexpr size_t kMostSamples = 50;

// [?, ?, 2] -> RESHAPE -> [?, n]: takes samples of any length.
Model network(DType dtype, const Quantization& quantization) {
  Model model;
  Graph& graph = model.graph;
  Value input{.name = "x", .dtype = dtype, .shape = {kDynamic, kDynamic, 2}};
  input.quantization = quantization;
  graph.inputs = {graph.add(std::move(input))};
  const ValueId shape = graph.add_constant<int32_t>("shape", {2}, {1, -1});
  const ValueId output = graph.append(std::make_shared<Reshape>(), {graph.inputs[0], shape}, "y");
  graph[output].quantization = quantization;
  graph.outputs = {output};
  return model;
}

}  // namespace
}  // namespace litesmith

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace litesmith;
  static const Model kNetworks[] = {
      network(DType::float32, {}), network(DType::int8, {{0.5f}, {3}, 0}),
      network(DType::int16, {{0.25f}, {0}, 0}), network(DType::int32, {})};
  attempt([&] {
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto arrays = read_arrays(SharedBytes::take({bytes.begin(), bytes.end()}), "fuzz");
    for (const NamedArray& each : arrays) {
      attempt([&] {
        const Labels labels = labels_of(each.array, "fuzz");
        check_labels(labels, labels.size(), 1000);
      });
    }
    const Dataset all = Dataset::of(arrays, "fuzz");
    const Dataset samples = all.draw(kMostSamples, 1);
    attempt([&] { check_finite(samples); });
    count_shared_samples(samples, samples);
    for (const Model& model : kNetworks) {
      for (const Entry entry : {Entry::quantized, Entry::numpy_cast}) {
        attempt([&] {
          check_finite(samples);
          const Feed feed(samples, model, {.entry = entry});
          Runner runner(feed, {.plan = {.memory_limit = size_t{1} << 20}, .threads = 1});
          top_classes(collect_outputs(runner));
        });
      }
    }
  });
  return 0;
}
