// What a graph multiplies: by op, as nominally counted and as needed, and on what kind of numbers.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "ops/needed_region.h"

namespace litesmith {

// What the products of an op are made of: which of the machine's multipliers it can use.
enum class MacKind {
  float32,  // also of weights that are stored smaller
  int8,     // also of floats that are quantized on the way to weights of eight bits
  int16,    // activations of sixteen bits, whatever the weights
};
std::string_view to_string(MacKind kind);

struct NodeMacs {
  Macs macs;  // zeros for an op that multiplies nothing
  MacKind kind = MacKind::float32;
};

// One for each node of the graph; dynamic dimensions count as 1.
std::vector<NodeMacs> macs_by_node(const Graph& graph);

}  // namespace litesmith
