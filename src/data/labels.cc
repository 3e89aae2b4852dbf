#include "data/labels.h"

#include <algorithm>
#include <limits>

#include "base/error.h"

namespace litesmith {
namespace {

int32_t to_class(int64_t value, size_t sample) {
  if (value < 0 || value > std::numeric_limits<int32_t>::max()) {
    throw Error(ErrorCode::data, "label " + std::to_string(value) + " of sample " +
                                     std::to_string(sample) +
                                     " is no class number; classes count from 0");
  }
  return static_cast<int32_t>(value);
}

// The position of the one 1 in a row of zeros.
int32_t hot_position(std::span<const int64_t> row, size_t sample) {
  const auto hot = std::find(row.begin(), row.end(), 1);
  const auto zeros = std::count(row.begin(), row.end(), 0);
  if (hot == row.end() || static_cast<size_t>(zeros) != row.size() - 1) {
    throw Error(ErrorCode::data, "row " + std::to_string(sample) +
                                     " is not one-hot: exactly one 1 and zeros are expected");
  }
  return static_cast<int32_t>(hot - row.begin());
}

}  // namespace

Labels labels_of(const NpyArray& array, std::string source) {
  Labels labels{.classes = {}, .source = std::move(source), .notes = {}};
  with_context("labels '" + labels.source + "'", [&] {
    const size_t rank = array.shape.size();
    if (rank != 1 && rank != 2) {
      throw Error(ErrorCode::data, "an array " + describe(array) +
                                       " is no list of labels; one class number a sample is "
                                       "expected: shape [N]");
    }
    const auto count = static_cast<size_t>(array.shape[0]);
    const size_t width = rank == 2 ? static_cast<size_t>(array.shape[1]) : 1;
    if (array.element_count() == 0) throw Error(ErrorCode::data, "there are no labels");
    labels.classes.reserve(count);
    std::vector<int64_t> row(width);
    for (size_t i = 0; i < count; ++i) {
      with_context("sample " + std::to_string(i), [&] { read_integers(array, i * width, row); });
      labels.classes.push_back(width == 1 ? to_class(row[0], i) : hot_position(row, i));
    }
    if (width > 1) {
      labels.notes.push_back("labels of shape " + shape_text(array.shape) +
                             " were read as one-hot rows");
    }
  });
  return labels;
}

Labels read_labels(const std::filesystem::path& path) {
  const auto arrays = read_arrays(path);
  if (arrays.size() != 1) {
    throw Error(ErrorCode::data, "labels '" + path.string() + "': the archive holds " +
                                     std::to_string(arrays.size()) + " arrays; give one");
  }
  return labels_of(arrays[0].array, path.string());
}

void check_labels(const Labels& labels, size_t samples, size_t classes) {
  with_context("labels '" + labels.source + "'", [&] {
    if (labels.size() != samples) {
      throw Error(ErrorCode::data, "there are " + std::to_string(labels.size()) + " labels for " +
                                       std::to_string(samples) + " samples");
    }
    for (size_t i = 0; i < labels.size(); ++i) {
      if (static_cast<size_t>(labels.classes[i]) < classes) continue;
      throw Error(ErrorCode::data, "label " + std::to_string(labels.classes[i]) + " of sample " +
                                       std::to_string(i) + " is beyond the model's " +
                                       std::to_string(classes) + " classes (0 to " +
                                       std::to_string(classes - 1) + ")");
    }
  });
}

}  // namespace litesmith
