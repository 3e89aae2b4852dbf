// The user's list of ops and tensors that stay float.
#pragma once

#include <span>
#include <string>

#include "ir/graph.h"

namespace litesmith {

// True when the list names the op ("SOFTMAX", any case) or a tensor the node makes.
bool is_kept_float(const Graph& graph, const Node& node, std::span<const std::string> keep_float);

// Throws Error(usage) for an entry that names nothing in the graph.
void check_keep_float(const Graph& graph, std::span<const std::string> keep_float);

}  // namespace litesmith
