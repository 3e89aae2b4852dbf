// Operator versions of a whole model, and the oldest runtime that knows them all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/graph.h"

namespace litesmith {

// The version of the op that a file written from the graph names for `node`. The 16x8 converter has
// its own table of versions, which the quantizer has left in the nodes; other versions follow from
// types and attributes.
int32_t written_version(const Graph& graph, const Node& node);

// True when `a` is the later of two releases such as "1.14" and "2.3.0"; any is later than none
// ("").
bool is_later(std::string_view a, std::string_view b);

// The first TensorFlow release that runs every op of the model, such as "1.14.0"; empty when
// nothing is known about any of them.
std::string min_runtime_version(const Model& model);

}  // namespace litesmith
