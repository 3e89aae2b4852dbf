// Why a constant of a quantized model is still float.
#pragma once

#include <string>

#include "ir/graph.h"

namespace litesmith {

// What a model's constants and activations are, taken together.
enum class Numbers { floating, float16_weights, dynamic_range, integer };
Numbers numbers_of(const Graph& graph);

// One sentence for a float32 constant that `uses` shows in a graph of these numbers; empty when
// there is nothing to explain.
std::string why_float(const Graph& graph, const Uses& uses, Numbers numbers, ValueId id);

}  // namespace litesmith
