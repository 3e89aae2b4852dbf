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
// From bytes that live as long as `owner`; they are copied when it is null.
Model read_tflite(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);
// From the file layer.
Model to_model(const tflite::File& file);

}  // namespace litesmith
