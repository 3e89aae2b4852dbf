// Plans a graph that came out of fuzzing and runs it once, if that takes little.
#pragma once

#include <algorithm>

#include "runtime/interpreter.h"

namespace litesmith {

// An upper bound of the multiplications in one run: no op does more for an element of its output
// than look at every element of its largest input.
inline int64_t most_work(const Plan& plan, int64_t limit) {
  int64_t total = 0;
  for (const Plan::Step& step : plan.steps()) {
    const NodeView node = plan.graph().view(plan.graph().nodes[step.node]);
    int64_t largest = 1;
    int64_t outputs = 0;
    for (const Value* value : node.inputs) {
      if (value != nullptr) largest = std::max(largest, element_count(value->shape));
    }
    for (const Value* value : node.outputs) outputs += element_count(value->shape);
    total += std::min(limit, outputs) * std::min(limit, largest);
  }
  return total;
}

inline void bounded_run(const Graph& graph, Arithmetic arithmetic) {
  constexpr size_t kMemoryLimit = size_t{1} << 16;
  constexpr int64_t kWorkLimit = 20'000'000;
  const auto plan = Plan::make(graph, {.arithmetic = arithmetic, .memory_limit = kMemoryLimit});
  if (most_work(*plan, kWorkLimit) > kWorkLimit) return;
  Interpreter interpreter(plan);
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const auto input = interpreter.input(i);
    for (size_t k = 0; k < input.size(); ++k) input[k] = static_cast<std::byte>(k * 37 + i);
  }
  interpreter.invoke();
}

}  // namespace litesmith
