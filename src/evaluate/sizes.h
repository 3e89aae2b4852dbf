// What a file costs: on disk, in constants, in working memory.
#pragma once

#include <cstddef>
#include <filesystem>

#include "ir/graph.h"

namespace litesmith {

struct Sizes {
  size_t file_bytes = 0;
  size_t data_bytes = 0;   // all buffers, as TensorFlow's Analyzer adds them up
  size_t arena_bytes = 0;  // activations, planned for the graph as it is at batch 1
};

// `model` is what was read from the .tflite file at `path`. The arena needs a plan, so an op that
// cannot run is Error(unsupported).
Sizes measure_sizes(const std::filesystem::path& path, const Model& model);

}  // namespace litesmith
