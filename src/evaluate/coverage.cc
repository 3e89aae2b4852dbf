#include "evaluate/coverage.h"

#include <algorithm>
#include <limits>

#include "evaluate/runner.h"

namespace litesmith {
namespace {

struct Seen {
  size_t outside = 0;
  size_t elements = 0;
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();

  void add(Range range, std::span<const float> values) {
    for (const float value : values) {
      outside += value < range.min || value > range.max ? 1 : 0;
      min = std::min(min, value);
      max = std::max(max, value);
    }
    elements += values.size();
  }
  void add(const Seen& other) {
    outside += other.outside;
    elements += other.elements;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
  }
};

}  // namespace

std::vector<TensorCoverage> measure_coverage(const Model& calibrated, const Dataset& data,
                                             const CoverageOptions& options) {
  const Feed feed(data, calibrated);
  Runner runner(feed, {.plan = {.observe_all = true},
                       .threads = options.threads,
                       .progress = options.progress,
                       .stage = "checking ranges"});
  const Graph& graph = runner.plan().graph();
  std::vector<ValueId> watched;
  for (size_t i = 0; i < graph.values.size(); ++i) {
    const ValueId id{static_cast<int32_t>(i)};
    if (graph[id].range && graph[id].dtype == DType::float32 &&
        runner.plan().offset(id) != Plan::kNoOffset) {
      watched.push_back(id);
    }
  }
  std::vector<std::vector<Seen>> seen(runner.threads(), std::vector<Seen>(watched.size()));
  runner.run_all([&](const Runner::Finished& finished) {
    for (size_t w = 0; w < watched.size(); ++w) {
      const auto bytes = finished.interpreter.value(watched[w]);
      const auto used = bytes.size() / sizeof(float) / feed.batch() * finished.samples;
      seen[finished.worker][w].add(*graph[watched[w]].range,
                                   {reinterpret_cast<const float*>(bytes.data()), used});
    }
  });
  std::vector<TensorCoverage> result;
  for (size_t w = 0; w < watched.size(); ++w) {
    Seen all;
    for (const auto& of_worker : seen) all.add(of_worker[w]);
    const Value& value = graph[watched[w]];
    result.push_back({.name = value.name,
                      .range = *value.range,
                      .seen_min = all.min,
                      .seen_max = all.max,
                      .outside = all.outside,
                      .elements = all.elements});
  }
  std::stable_sort(
      result.begin(), result.end(),
      [](const TensorCoverage& x, const TensorCoverage& y) { return x.share() > y.share(); });
  return result;
}

}  // namespace litesmith
