// The right answers: one class number a sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "formats/npy/npz.h"

namespace litesmith {

struct Labels {
  std::vector<int32_t> classes;
  std::string source;
  std::vector<std::string> notes;  // what was understood that need not have been meant

  size_t size() const { return classes.size(); }
};

// Integers, booleans, floats that hold integers, in an array [N] or [N, 1]; or one-hot rows [N, C],
// which is noted. Throws Error(data) for anything else.
Labels read_labels(const std::filesystem::path& path);
Labels labels_of(const NpyArray& array, std::string source);

// Throws Error(data) unless there is a label for each of `samples` and each is below `classes`.
void check_labels(const Labels& labels, size_t samples, size_t classes);

}  // namespace litesmith
