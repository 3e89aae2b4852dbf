#include "evaluate/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "base/error.h"
#include "data/feed.h"
#include "data/real_numbers.h"
#include "evaluate/load_inputs.h"
#include "evaluate/match.h"
#include "evaluate/runner.h"

namespace litesmith {
namespace {

// Sums over elements; added up in the samples' order, so that threads do not change the figures.
struct Sums {
  double max_error = 0;
  double error = 0;  // squares of differences
  double a = 0;      // squares
  double b = 0;
  double product = 0;
  size_t count = 0;
  double b_min = std::numeric_limits<double>::infinity();
  double b_max = -std::numeric_limits<double>::infinity();

  void add(std::span<const float> of_a, std::span<const float> of_b) {
    for (size_t i = 0; i < of_a.size(); ++i) {
      const double x = of_a[i];
      const double y = of_b[i];
      const double apart = std::abs(x - y);
      // Written so that a NaN stays, as it must be seen.
      max_error = apart <= max_error ? max_error : apart;
      error += apart * apart;
      a += x * x;
      b += y * y;
      product += x * y;
      b_min = std::min(b_min, y);
      b_max = std::max(b_max, y);
    }
    count += of_a.size();
  }
  void add(const Sums& other) {
    max_error = other.max_error <= max_error ? max_error : other.max_error;
    error += other.error;
    a += other.a;
    b += other.b;
    product += other.product;
    count += other.count;
    b_min = std::min(b_min, other.b_min);
    b_max = std::max(b_max, other.b_max);
  }
};

void fill_in(LayerDifference& layer, const Sums& sums) {
  const auto count = static_cast<double>(std::max<size_t>(sums.count, 1));
  layer.max_error = sums.max_error;
  layer.rms_error = std::sqrt(sums.error / count);
  layer.rms_signal = std::sqrt(sums.a / count);
  layer.sqnr_db = sums.error == 0 ? std::numeric_limits<double>::infinity()
                                  : 10 * std::log10(sums.a / sums.error);
  const double norms = std::sqrt(sums.a) * std::sqrt(sums.b);
  // Two tensors of zeros point the same way.
  layer.cosine = norms > 0 ? sums.product / norms : (sums.error == 0 ? 1.0 : 0.0);
  layer.b_min = sums.b_min;
  layer.b_max = sums.b_max;
}

// Feeds of both models at one batch size: a fixed one wins over a dynamic one.
std::pair<Feed, Feed> feeds_for(const Model& a, const Model& b, const Dataset& data) {
  Feed feed_a(data, a);
  Feed feed_b(data, b, {.batch = static_cast<int32_t>(feed_a.batch())});
  if (feed_b.batch() != feed_a.batch()) {
    feed_a = Feed(data, a, {.batch = static_cast<int32_t>(feed_b.batch())});
  }
  if (feed_b.batch() != feed_a.batch()) {
    throw Error(ErrorCode::data, "the models take batches of " + std::to_string(feed_a.batch()) +
                                     " and " + std::to_string(feed_b.batch()) +
                                     " samples and cannot be compared run by run");
  }
  return {std::move(feed_a), std::move(feed_b)};
}

std::string op_that_makes(const Graph& graph, ValueId id) {
  for (const Node& node : graph.nodes) {
    if (std::find(node.outputs.begin(), node.outputs.end(), id) != node.outputs.end()) {
      return std::string(node.def().name);
    }
  }
  return "";
}

bool can_be_read(const Value& value) {
  return value.dtype == DType::float32 || value.dtype == DType::float16 ||
         value.dtype == DType::int8 || value.dtype == DType::uint8 || value.dtype == DType::int16 ||
         value.dtype == DType::int32 || value.dtype == DType::int64;
}

void real(const Graph& graph, const Interpreter& interpreter, ValueId id,
          std::vector<float>& values) {
  values.resize(static_cast<size_t>(element_count(graph[id].shape)));
  real_values(graph[id], interpreter.value(id), values);
}

}  // namespace

Comparison compare(const Model& a, const Model& b, const Dataset& data,
                   const CompareOptions& options) {
  const auto feeds = feeds_for(a, b, data);
  // Names of their own, since clang 14 lets no lambda see a structured binding.
  const Feed& feed_a = feeds.first;
  const Feed& feed_b = feeds.second;
  const PlanOptions plan{.arithmetic = options.arithmetic, .observe_all = true};
  Runner runner(feed_a, {.plan = plan,
                         .threads = options.threads,
                         .progress = options.progress,
                         .stage = "comparing"});
  const auto plan_b = Plan::make(feed_b.graph(), plan, subgraphs_of(feed_b.model()));
  const Graph& graph_a = runner.plan().graph();
  const Graph& graph_b = plan_b->graph();

  Comparison result{.samples = data.size(), .layers = {}, .unmatched = {}, .notes = feed_a.notes()};
  std::vector<TensorPair> pairs = match_tensors(graph_a, graph_b);
  std::erase_if(pairs, [&](const TensorPair& pair) {
    return !can_be_read(graph_a[pair.a]) || !can_be_read(graph_b[pair.b]) ||
           runner.plan().offset(pair.a) == Plan::kNoOffset ||
           plan_b->offset(pair.b) == Plan::kNoOffset;
  });
  if (pairs.empty()) {
    throw Error(ErrorCode::data,
                "the two models have no tensor in common, by name or by place; nothing to compare");
  }

  const size_t runs = feed_a.runs();
  const size_t chunks = (runs + Runner::kChunk - 1) / Runner::kChunk;
  std::vector<std::vector<Sums>> sums(chunks, std::vector<Sums>(pairs.size()));
  std::vector<std::unique_ptr<Interpreter>> interpreters(runner.threads());
  runner.run_all([&](const Runner::Finished& finished) {
    auto& other = interpreters[finished.worker];
    if (!other) other = std::make_unique<Interpreter>(plan_b);
    load_inputs(feed_b, finished.run, *other);
    other->invoke();
    std::vector<float> of_a;
    std::vector<float> of_b;
    for (size_t p = 0; p < pairs.size(); ++p) {
      real(graph_a, finished.interpreter, pairs[p].a, of_a);
      real(graph_b, *other, pairs[p].b, of_b);
      // Repetitions in a last, incomplete run do not count.
      const size_t used = of_a.size() / feed_a.batch() * finished.samples;
      sums[finished.run / Runner::kChunk][p].add(std::span(of_a).first(used),
                                                 std::span(of_b).first(used));
    }
  });

  std::vector<bool> matched(graph_a.values.size(), false);
  for (size_t p = 0; p < pairs.size(); ++p) {
    Sums all;
    for (const auto& chunk : sums) all.add(chunk[p]);
    const Value& value = graph_a[pairs[p].a];
    LayerDifference layer{.name = value.name,
                          .op = op_that_makes(graph_a, pairs[p].a),
                          .dtype = graph_b[pairs[p].b].dtype,
                          .shape = value.shape,
                          .position = p};
    fill_in(layer, all);
    result.layers.push_back(std::move(layer));
    matched[static_cast<size_t>(pairs[p].a.index)] = true;
  }
  for (const Node& node : graph_a.nodes) {
    for (const ValueId id : node.outputs) {
      if (!id.valid() || matched[static_cast<size_t>(id.index)]) continue;
      if (!graph_a[id].is_constant()) result.unmatched.push_back(graph_a[id].name);
    }
  }
  // NaN is the worst there can be; equal figures keep the order of computation.
  std::stable_sort(result.layers.begin(), result.layers.end(),
                   [](const LayerDifference& x, const LayerDifference& y) {
                     if (std::isnan(x.sqnr_db) != std::isnan(y.sqnr_db)) {
                       return std::isnan(x.sqnr_db);
                     }
                     return x.sqnr_db < y.sqnr_db;
                   });
  return result;
}

}  // namespace litesmith
