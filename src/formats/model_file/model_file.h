// One door for trained models: which reader a file needs is told by its content.
#pragma once

#include <filesystem>

#include "formats/onnx/read.h"
#include "ir/graph.h"

namespace litesmith {

enum class ModelFormat { tflite, keras, onnx };

// What some formats leave open.
struct LoadOptions {
  OnnxOptions onnx = {};
};

// Looks at the first bytes; a folder is an unpacked .keras archive. Throws Error(io) when the path
// cannot be read, Error(unsupported) for formats that are known but not read (SavedModel) and
// Error(format) for anything else.
ModelFormat sniff_model(const std::filesystem::path& path);

// The model in a .keras, .h5, .onnx or .tflite file.
Model load_model(const std::filesystem::path& path, const LoadOptions& options = {});

}  // namespace litesmith
