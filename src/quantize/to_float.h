// float16 and dynamic range models taken back to float, so that they can be converted like any
// other. What their weights lost stays lost.
#pragma once

#include <string>
#include <vector>

#include "ir/graph.h"

namespace litesmith {

// The model with float weights where only weights are float16 or integers: what DEQUANTIZE makes of
// constants, and the integer weights of layers that compute in float. A line in `warnings`, if any,
// says so. A float model, and one whose activations are integers, is returned as it is.
Model weights_to_float(const Model& model, std::vector<std::string>* warnings);

}  // namespace litesmith
