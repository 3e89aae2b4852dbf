// Which parameters each activation of a graph gets: the stage between ranges and integers.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "ir/graph.h"
#include "quantize/parameters.h"

namespace litesmith {

// Parameters by value index; nothing for constants, non-float values and values that only float
// ops touch. `is_quantized` tells by node index which nodes become integer. Throws Error(data)
// naming every value that has no range.
std::vector<std::optional<Quantization>> assign_parameters(const Graph& graph, Scheme scheme,
                                                           const std::vector<bool>& is_quantized);

// The float activation operands of a node (neither constant nor absent).
std::vector<ValueId> float_operands(const Graph& graph, const Node& node);

}  // namespace litesmith
