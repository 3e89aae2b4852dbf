// From the graph to a .tflite file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "formats/tflite/file.h"
#include "ir/graph.h"

namespace litesmith {

// Writes the model as TensorFlow's exporter would, under a temporary name that is renamed when the
// file is whole. The same model gives the same bytes on every machine. Values nothing refers to are
// left out. Throws Error(unsupported) when the file would pass 2 GB.
//
//   write_tflite(model, "wake_word.int8.tflite");
void write_tflite(const Model& model, const std::filesystem::path& path);
std::vector<std::byte> to_tflite(const Model& model);
// The file layer of what would be written.
tflite::File to_file(const Model& model);

}  // namespace litesmith
