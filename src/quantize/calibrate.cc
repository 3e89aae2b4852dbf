#include "quantize/calibrate.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

#include "base/cpu_features.h"
#include "base/error.h"
#include "base/parallel.h"
#include "kernels/element_kernels.h"
#include "quantize/overwritten.h"
#include "quantize/own_rules.h"
#include "runtime/interpreter.h"

namespace litesmith {
namespace {

constexpr Range kNothingSeen = {std::numeric_limits<float>::infinity(),
                                -std::numeric_limits<float>::infinity()};

void widen(Range& range, Range other) {
  range.min = std::min(range.min, other.min);
  range.max = std::max(range.max, other.max);
}

// The float activations and states whose ranges are wanted, with the values inside of nodes that
// have rules first.
std::vector<ValueId> watched_values(const Graph& graph, std::span<const ValueId> inside) {
  std::vector<ValueId> watched(inside.begin(), inside.end());
  Uses uses = graph.uses();
  for (const Node& node : graph.nodes) {
    for (const ValueId id : node.intermediates) {
      if (id.valid()) uses.producer[static_cast<size_t>(id.index)] = Uses::kNone;
    }
  }
  for (size_t i = 0; i < graph.values.size(); ++i) {
    const ValueId id{static_cast<int32_t>(i)};
    const Value& value = graph.values[i];
    const bool is_input =
        std::find(graph.inputs.begin(), graph.inputs.end(), id) != graph.inputs.end();
    const bool is_made = uses.producer[i] != Uses::kNone;
    const bool is_state = value.is_variable && !uses.consumers[i].empty();
    if (value.dtype == DType::float32 && !value.is_constant() &&
        (is_input || is_made || is_state)) {
      watched.push_back(id);
    }
  }
  return watched;
}

}  // namespace

Model calibrate(const Model& model, size_t samples, const FillSample& fill,
                const CalibrateOptions& options) {
  if (samples == 0) {
    throw Error(ErrorCode::data, "the calibration data holds no samples; give at least one");
  }
  Model result = model;
  const RuledNodes ruled = ruled_nodes(result.graph);
  add_intermediates(result.graph, ruled);
  Graph graph = result.graph;
  const std::vector<ValueId> inside = ruled_intermediates(graph, ruled);
  for (const ValueId id : inside) observe_inside(graph[id]);
  for (const ValueId id : graph.inputs) {
    if (graph[id].dtype != DType::float32) {
      throw Error(ErrorCode::unsupported, "calibration needs float32 inputs; '" + graph[id].name +
                                              "' is " + std::string(to_string(graph[id].dtype)));
    }
  }
  const auto plan = Plan::make(graph, {.batch = 1, .observe_all = true});
  const std::vector<ValueId> watched = watched_values(graph, inside);
  const auto extremes = kernels::element_kernels(default_isa()).extremes;

  const bool has_state = !plan->variables().empty();
  unsigned threads = options.threads == 0 ? hardware_threads() : options.threads;
  if (options.stateful && has_state) threads = 1;  // one sample after the other
  std::vector<std::vector<Range>> seen(threads, std::vector<Range>(watched.size(), kNothingSeen));
  std::vector<std::unique_ptr<Interpreter>> interpreters(threads);
  std::atomic<size_t> done{0};
  std::mutex reporting;
  report(options.progress, "calibrating", 0, samples);
  parallel_chunks(samples, 8, threads, [&](unsigned worker, size_t begin, size_t end) {
    auto& interpreter = interpreters[worker];
    if (!interpreter) interpreter = std::make_unique<Interpreter>(plan);
    std::vector<std::span<float>> inputs;
    for (size_t i = 0; i < graph.inputs.size(); ++i) {
      const auto bytes = interpreter->input(i);
      inputs.emplace_back(reinterpret_cast<float*>(bytes.data()), bytes.size() / sizeof(float));
    }
    const auto look = [&](size_t sample, bool states_only) {
      for (size_t i = 0; i < watched.size(); ++i) {
        if (states_only && !graph[watched[i]].is_variable) continue;
        const auto bytes = interpreter->value(watched[i]);
        Range& range = seen[worker][i];
        if (extremes(reinterpret_cast<const float*>(bytes.data()),
                     static_cast<int64_t>(bytes.size() / sizeof(float)), &range.min, &range.max)) {
          throw Error(ErrorCode::data, "calibration sample " + std::to_string(sample) +
                                           " makes NaN in tensor '" + graph[watched[i]].name + "'");
        }
      }
    };
    for (size_t sample = begin; sample < end; ++sample) {
      if (has_state && !options.stateful) interpreter->reset();
      fill(sample, inputs);
      if (has_state) look(sample, true);
      interpreter->invoke();
      look(sample, false);
    }
    const size_t now = done += end - begin;
    const std::lock_guard lock(reporting);
    report(options.progress, "calibrating", now, samples);
  });

  for (size_t i = 0; i < watched.size(); ++i) {
    Range range = kNothingSeen;
    for (const auto& of_worker : seen) widen(range, of_worker[i]);
    if (!std::isfinite(range.min) || !std::isfinite(range.max)) {
      throw Error(ErrorCode::data,
                  "calibration makes infinite values in tensor '" + graph[watched[i]].name + "'");
    }
    // Adding zero turns -0 into 0, so that the bits do not depend on which zero came first.
    result.graph[watched[i]].range = Range{range.min + 0.0f, range.max + 0.0f};
  }
  widen_overwritten(result.graph);
  return result;
}

}  // namespace litesmith
