// The part of every value that the outputs of a graph depend on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/graph.h"
#include "ir/region.h"

namespace litesmith {

// Walks the graph backwards from its outputs. By value: the region that can reach an output; what
// lies outside of it is computed, or fed in, for nothing. VALID windows that do not divide their
// input leave such a rest, and so do strides wider than their windows.
std::vector<Region> needed_regions(const Graph& graph);
// The same of parts of the outputs: `wanted` has one for each.
std::vector<Region> needed_regions(const Graph& graph, std::span<const Region> wanted);

// Multiply-accumulates of one invocation, dynamic dimensions counting as 1: as they are nominally
// counted, and those whose result can reach an output.
struct Macs {
  int64_t nominal = 0;
  int64_t needed = 0;
};
// One for each node of the graph; zeros for an op that multiplies nothing.
std::vector<Macs> count_macs(const Graph& graph);

}  // namespace litesmith
