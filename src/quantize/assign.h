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
  // Their scales, before they are rounded to float.
  std::vector<double> scales;
  // By node index: which nodes become integer. Less than what could, see assign.cc.
  std::vector<bool> is_quantized;
  // Values that have no range, nor get parameters from another's.
  std::vector<ValueId> missing;
};

// `able` tells by node index which nodes could become integer.
Assignment assign_parameters(const Graph& graph, Scheme scheme, const std::vector<bool>& able);

struct ActivationParameters {
  Quantization quantization;
  double scale;  // before it was rounded to float
};

// By what training has learned for int8, or else by the range that was measured; nothing without.
std::optional<ActivationParameters> parameters_for(const Value& value, Scheme scheme);

// The float activation operands of a node (neither constant nor absent, nor its state).
std::vector<ValueId> float_operands(const Graph& graph, const Node& node);

}  // namespace litesmith
