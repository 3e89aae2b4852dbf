// What a file costs: on disk, in constants, in working memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "formats/tflite/file.h"
#include "ir/graph.h"

namespace litesmith {

struct Sizes {
  size_t file_bytes = 0;
  size_t data_bytes = 0;  // all buffers, as TensorFlow's Analyzer adds them up
  // Activations, planned for the graph as it is at batch 1; nothing when an op cannot run.
  std::optional<size_t> arena_bytes = {};
};

// `model` is what was read from the .tflite file at `path`.
Sizes measure_sizes(const std::filesystem::path& path, const Model& model);
Sizes measure_sizes(const tflite::File& file, const Model& model);

}  // namespace litesmith
