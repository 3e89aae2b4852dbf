#include "runtime/batch_interpreter.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/error.h"
#include "base/parallel.h"
#include "ops/needed_region.h"
#include "runtime/evaluate_node.h"

namespace litesmith {
namespace {

// About what a core does in the time it takes to start a thread and to wait for it.
constexpr int64_t kWorthAThread = 2'000'000;

std::optional<int32_t> common_batch(const Graph& graph) {
  std::optional<int32_t> batch;
  for (const ValueId id : graph.inputs) {
    const Shape& shape = graph[id].shape;
    if (shape.empty() || (batch && *batch != shape[0])) return std::nullopt;
    batch = shape[0];
  }
  return batch;
}

Region samples_of(const Shape& shape, int32_t begin, int32_t end) {
  Region region = Region::all(shape);
  region.dims[0] = IndexSet::none(shape[0]);
  for (int32_t i = begin; i < end; ++i) region.dims[0].add(i);
  return region;
}

// True when the outputs of samples [begin, end) need nothing of the other samples' inputs.
bool is_closed(const Graph& graph, int32_t begin, int32_t end) {
  std::vector<Region> wanted;
  for (const ValueId id : graph.outputs) {
    const Shape& shape = graph[id].shape;
    if (shape.empty()) return false;
    wanted.push_back(samples_of(shape, begin, end));
  }
  const auto needed = needed_regions(graph, wanted);
  return std::all_of(graph.inputs.begin(), graph.inputs.end(), [&](ValueId id) {
    const Region& region = needed[static_cast<size_t>(id.index)];
    if (region.nothing) return true;
    for (int32_t i = 0; i < graph[id].shape[0]; ++i) {
      if ((i < begin || i >= end) && region.dims[0].contains(i)) return false;
    }
    return true;
  });
}

// True when `part` is `whole` with `samples` instead of `batch` as the first dimension of all that
// is no constant. What became a constant only when planned (the batch's size, for one) is the same.
bool is_part(const Graph& part, const Graph& whole, int32_t samples, int32_t batch) {
  if (part.values.size() != whole.values.size()) return false;
  for (size_t i = 0; i < whole.values.size(); ++i) {
    if (whole.values[i].is_variable) return false;
    if (whole.values[i].is_constant()) {
      if (!part.values[i].is_constant() || part.values[i].shape != whole.values[i].shape ||
          !std::ranges::equal(part.values[i].data->bytes(), whole.values[i].data->bytes())) {
        return false;
      }
      continue;
    }
    Shape shape = whole.values[i].shape;
    if (shape.empty() || shape[0] != batch) return false;
    shape[0] = samples;
    if (part.values[i].shape != shape) return false;
  }
  return true;
}

int64_t needed_macs(const Graph& graph) {
  int64_t total = 0;
  for (const Macs& macs : count_macs(graph)) total += macs.needed;
  return total;
}

}  // namespace

std::unique_ptr<BatchInterpreter> BatchInterpreter::make(const Graph& graph,
                                                         const PlanOptions& options,
                                                         unsigned threads) {
  const auto batch = common_batch(graph);
  if (threads < 2 || options.observe_all || !batch || *batch < 2) return nullptr;
  PlanOptions plain = options;
  plain.lowered = false;
  const auto whole = Plan::make(graph, plain);
  const int64_t worth = needed_macs(whole->graph()) / kWorthAThread;
  const auto parts = static_cast<int32_t>(
      std::min<int64_t>({worth, static_cast<int64_t>(threads), static_cast<int64_t>(*batch)}));
  if (parts < 2 || whole->has_dynamic_values()) return nullptr;
  const int32_t samples = (*batch + parts - 1) / parts;
  for (int32_t begin = 0; begin < *batch; begin += samples) {
    if (!is_closed(whole->graph(), begin, std::min(begin + samples, *batch))) return nullptr;
  }
  Graph smaller = graph;
  for (const ValueId id : smaller.inputs) smaller[id].shape[0] = samples;
  std::shared_ptr<const Plan> plan;
  try {
    if (!is_part(Plan::make(smaller, plain)->graph(), whole->graph(), samples, *batch)) {
      return nullptr;
    }
    plan = Plan::make(smaller, options);
  } catch (const Error&) {
    return nullptr;  // a constant is made for the whole batch
  }
  std::unique_ptr<BatchInterpreter> result(new BatchInterpreter);
  result->batch_ = static_cast<size_t>(*batch);
  result->samples_ = static_cast<size_t>(samples);
  for (int32_t begin = 0; begin < *batch; begin += samples) result->parts_.emplace_back(plan);
  for (const ValueId id : graph.outputs) {
    result->outputs_.emplace_back(byte_size(whole->graph()[id]));
  }
  return result;
}

void BatchInterpreter::run_part(size_t part, std::span<const std::vector<std::byte>> inputs) {
  Interpreter& interpreter = parts_[part];
  const size_t first = part * samples_;
  const size_t count = std::min(samples_, batch_ - first);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const size_t bytes = inputs[i].size() / batch_;
    const auto to = interpreter.input(i);
    for (size_t s = 0; s < samples_; ++s) {
      const size_t from = first + std::min(s, count - 1);
      std::memcpy(to.data() + s * bytes, inputs[i].data() + from * bytes, bytes);
    }
  }
  interpreter.invoke();
  for (size_t i = 0; i < outputs_.size(); ++i) {
    const size_t bytes = outputs_[i].size() / batch_;
    std::memcpy(outputs_[i].data() + first * bytes, interpreter.output(i).data(), count * bytes);
  }
}

void BatchInterpreter::invoke(std::span<const std::vector<std::byte>> inputs) {
  parallel_chunks(parts_.size(), 1, threads(),
                  [&](unsigned, size_t begin, size_t) { run_part(begin, inputs); });
}

}  // namespace litesmith
