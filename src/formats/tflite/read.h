// From a .tflite file to the graph.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "formats/tflite/file.h"
#include "ir/graph.h"

namespace litesmith {

// The model in the file. Constants view the mapped file. Values and nodes know the tensor index and
// op version they had (Value::source_index, Node::source_version). Throws Error(format) for a
// damaged file and Error(unsupported) naming every op, tensor or subgraph that cannot be
// represented.
//
//   Model model = read_tflite("wake_word.float32.tflite");
Model read_tflite(const std::filesystem::path& path);
// From bytes, which are copied when they have no owner.
Model read_tflite(const SharedBytes& bytes);
// From the file layer.
Model to_model(const tflite::File& file);

}  // namespace litesmith
