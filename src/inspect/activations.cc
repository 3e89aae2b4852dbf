#include "inspect/activations.h"

#include <algorithm>
#include <limits>

#include "base/arena.h"
#include "base/checked.h"

namespace litesmith {
namespace {

constexpr size_t kAlignment = 16;
// The plan takes their square in time; a graph with more is not meant for so little memory that it
// matters.
constexpr size_t kMostPlanned = 4096;

size_t bytes_of(const Value& value) {
  const auto count = static_cast<size_t>(element_count(with_dynamic_as(value.shape, 1)));
  return checked_mul(count, std::max<size_t>(bits(value.dtype), 8)) / 8;
}

}  // namespace

Activations plan_activations(const Graph& graph) {
  constexpr int kNever = std::numeric_limits<int>::max();
  std::vector<int> first(graph.values.size(), kNever);
  std::vector<int> last(graph.values.size(), -1);
  const auto touch = [&](ValueId id, int when) {
    if (!id.valid() || graph[id].is_constant()) return;
    const auto i = static_cast<size_t>(id.index);
    first[i] = std::min(first[i], when);
    last[i] = std::max(last[i], when);
  };
  const int end = static_cast<int>(graph.nodes.size());
  for (const ValueId id : graph.inputs) touch(id, -1);
  for (int when = 0; when < end; ++when) {
    const Node& node = graph.nodes[static_cast<size_t>(when)];
    for (const ValueId id : node.inputs) touch(id, when);
    for (const ValueId id : node.outputs) touch(id, when);
  }
  for (const ValueId id : graph.outputs) touch(id, end);

  std::vector<ArenaRequest> requests;
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (first[i] == kNever) continue;
    const bool always = graph.values[i].is_variable;
    requests.push_back({bytes_of(graph.values[i]), always ? -1 : first[i], always ? end : last[i]});
  }
  if (requests.size() > kMostPlanned) {
    throw Error(ErrorCode::data, "more than " + std::to_string(kMostPlanned) + " tensors to plan");
  }
  return {plan_arena(requests, kAlignment).bytes, arena_bound(requests, kAlignment)};
}

}  // namespace litesmith
