// Operator versions of a whole model, and the oldest runtime that knows them all.
#pragma once

#include <cstdint>
#include <string>

#include "ir/graph.h"

namespace litesmith {

// The version of the op that a file written from the graph names for `node`. The 16x8 converter has
// its own table of versions, which the quantizer has left in the nodes; other versions follow from
// types and attributes.
int32_t written_version(const Graph& graph, const Node& node);

// The first TensorFlow release that runs every op of the model, such as "1.14.0"; empty when
// nothing is known about any of them.
std::string min_runtime_version(const Model& model);

}  // namespace litesmith
