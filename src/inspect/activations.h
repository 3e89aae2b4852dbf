// How much memory a graph's activations take when tensors that are not needed at the same time
// share it.
#pragma once

#include <cstddef>

#include "ir/graph.h"

namespace litesmith {

struct Activations {
  size_t bytes = 0;  // of the plan, every tensor at a multiple of 16, dynamic dimensions as 1
  size_t least = 0;  // no plan of this order of operators takes fewer
};

// Inputs are alive from the start, outputs to the end, variables always. Throws Error(data) when a
// tensor is too large to be counted.
Activations plan_activations(const Graph& graph);

}  // namespace litesmith
