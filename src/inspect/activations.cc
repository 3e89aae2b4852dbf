#include "inspect/activations.h"

#include <algorithm>

#include "base/arena.h"
#include "base/checked.h"
#include "ir/lifetimes.h"

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
  Lifetimes lifetimes(graph, graph.nodes.size());
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    lifetimes.touch(graph.nodes[i].inputs, i);
    lifetimes.touch(graph.nodes[i].outputs, i);
  }
  std::vector<ArenaRequest> requests;
  for (const ValueId id : lifetimes.touched()) {
    requests.push_back(lifetimes.request(id, bytes_of(graph[id])));
  }
  if (requests.size() > kMostPlanned) {
    throw Error(ErrorCode::data, "more than " + std::to_string(kMostPlanned) + " tensors to plan");
  }
  return {plan_arena(requests, kAlignment).bytes, arena_bound(requests, kAlignment)};
}

}  // namespace litesmith
