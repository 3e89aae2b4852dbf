// The types of an integer model's inputs and outputs, changed without touching its integers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/graph.h"

namespace litesmith {

struct FileTypes {
  std::optional<DType> input;  // float32, int8 or uint8; nothing: as it is
  std::optional<DType> output;
};

// True when any activation is an integer with a scale: such a model is not quantized again.
bool is_integer_model(const Model& model);

// The int8 model with these types at its interface, as TensorFlow's converter would have made them:
// uint8 is int8 with the zero point 128 higher and a QUANTIZE, float32 has a QUANTIZE or
// DEQUANTIZE. What is not int8 inside, and stays so, is told in `warnings`. Throws Error(usage) for
// other types.
Model with_file_types(const Model& model, const FileTypes& types,
                      std::vector<std::string>& warnings);

}  // namespace litesmith
