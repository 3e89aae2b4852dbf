#include "ir/lifetimes.h"

#include <algorithm>
#include <limits>

namespace litesmith {
namespace {

constexpr int kNever = std::numeric_limits<int>::max();

}  // namespace

Lifetimes::Lifetimes(const Graph& graph, size_t steps)
    : graph_(graph),
      end_(static_cast<int>(steps)),
      first_(graph.values.size(), kNever),
      last_(graph.values.size(), -1) {
  for (const ValueId id : graph.inputs) touch_at(id, -1);
  for (const ValueId id : graph.outputs) touch_at(id, end_);
}

void Lifetimes::touch(std::span<const ValueId> ids, size_t when) {
  for (const ValueId id : ids) touch_at(id, static_cast<int>(when));
}

void Lifetimes::touch_at(ValueId id, int when) {
  if (!id.valid() || graph_[id].is_constant()) return;
  const auto i = static_cast<size_t>(id.index);
  first_[i] = std::min(first_[i], when);
  last_[i] = std::max(last_[i], when);
}

std::vector<ValueId> Lifetimes::touched() const {
  std::vector<ValueId> result;
  for (size_t i = 0; i < first_.size(); ++i) {
    if (first_[i] != kNever) result.push_back(ValueId{static_cast<int32_t>(i)});
  }
  return result;
}

ArenaRequest Lifetimes::request(ValueId id, size_t bytes, bool always) const {
  const auto i = static_cast<size_t>(id.index);
  if (always || graph_[id].is_variable) return {bytes, -1, end_};
  return {bytes, first_[i], last_[i]};
}

}  // namespace litesmith
