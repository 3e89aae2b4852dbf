// Reading trained ONNX models.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/shared_bytes.h"
#include "ir/graph.h"

namespace litesmith {

// How a [batch, channels, length] input of an ONNX model is to lie in the LiteRT file.
enum class SequenceLayout : uint8_t { channels_first, channels_last };

struct OnnxOptions {
  // Images stay [batch, channels, height, width] at inputs and outputs, behind transposes.
  bool keep_nchw = false;
  // Required for models that convolve a rank-3 input.
  std::optional<SequenceLayout> sequence = {};
  // Sizes of dimensions that the file leaves open, by their names; one without a name is
  // "<input>:<axis>". A first dimension without a size stays the batch.
  std::vector<std::pair<std::string, int32_t>> dimensions = {};
};

// A model from an `.onnx` file of opset 6 to the newest that litesmith knows; external data are
// read from the file's folder. The graph is in LiteRT's operators, channels last.
//
//   const Model model = read_onnx("resnet18.onnx");
//
// Throws Error(io) for a file that cannot be read, Error(format) for a damaged one and
// Error(unsupported) for a model that cannot be imported; each names every node that stands in the
// way. The path is part of the message.
Model read_onnx(const std::filesystem::path& path, const OnnxOptions& options = {});
// From bytes, without external data; `name` is what messages call them.
Model read_onnx(const SharedBytes& bytes, const std::string& name, const OnnxOptions& options = {});

}  // namespace litesmith
