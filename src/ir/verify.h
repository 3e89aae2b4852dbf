// Parts of verify() (ir/graph.h) for who repairs a graph before it is verified, or takes a model
// apart.
#pragma once

#include <cstddef>
#include <vector>

#include "ir/graph.h"

namespace litesmith {

// The checks of values alone: shapes that can exist, constants of the right number of bytes, sound
// quantization parameters. What shape inference counts on. Throws Error(format).
void verify_values(const Graph& graph);
// The subgraphs that a graph's ops call, by number, one entry a call.
std::vector<size_t> called_subgraphs(const Graph& graph);

}  // namespace litesmith
