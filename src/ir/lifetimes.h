// When the values of a graph are in memory, so that those that are not at the same time can share
// it (base/arena.h).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/arena.h"
#include "ir/graph.h"

namespace litesmith {

// Of a graph that runs in steps, one a node or fewer. Inputs are alive before the first step,
// outputs after the last, variables always, constants never.
class Lifetimes {
 public:
  Lifetimes(const Graph& graph, size_t steps);

  // Step `when` reads or makes them.
  void touch(std::span<const ValueId> ids, size_t when);
  // The values that are in memory at some time, in the order of the graph.
  std::vector<ValueId> touched() const;
  // What one of them asks of the arena. `always`: for all the run.
  ArenaRequest request(ValueId id, size_t bytes, bool always = false) const;

 private:
  void touch_at(ValueId id, int when);

  const Graph& graph_;
  int end_;
  std::vector<int> first_;  // by value
  std::vector<int> last_;
};

}  // namespace litesmith
