// Runs one node by itself: how constants are folded, by plans and by the rewrites.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ir/graph.h"
#include "runtime/binding.h"

namespace litesmith {

// Bits one element takes while a graph runs: those in a buffer, and 64 for text (runtime/text.h); 0
// where there is no such thing.
int element_bits(const Value& value);

// Bytes a value of static shape takes while a graph runs.
size_t byte_size(const Value& value);

// The outputs of a kernel whose inputs are constant, or null where it needs only their shapes.
std::vector<Buffer> run_once(const BoundKernel& kernel, const NodeView& node);

// A node of constant inputs and static shapes, run; nothing when no kernel takes it. The Evaluator
// that rewrite/rewrite.h asks for.
std::optional<std::vector<Buffer>> evaluate_node(const Graph& graph, const Node& node);

}  // namespace litesmith
