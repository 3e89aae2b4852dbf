// Which parameters each activation of a graph gets: the stage between ranges and integers.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "ir/graph.h"
#include "quantize/parameters.h"

namespace litesmith {

struct Assignment {
  // By value index; nothing for constants, non-float values and values that only float ops touch.
  std::vector<std::optional<Quantization>> parameters;
  // By node index: which nodes become integer. Less than what could, see assign.cc.
  std::vector<bool> is_quantized;
};

// `able` tells by node index which nodes could become integer. Throws Error(data) naming every
// value that has no range.
Assignment assign_parameters(const Graph& graph, Scheme scheme, const std::vector<bool>& able);

// The float activation operands of a node (neither constant nor absent, nor its state).
std::vector<ValueId> float_operands(const Graph& graph, const Node& node);

}  // namespace litesmith
