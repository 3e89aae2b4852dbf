// What a model said about every sample, as real numbers.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "evaluate/runner.h"

namespace litesmith {

// Row-major: one row a sample, one column a class (or element) of the first output.
struct Outputs {
  std::vector<float> values;
  size_t rows = 0;
  size_t columns = 0;

  std::span<const float> row(size_t sample) const {
    return std::span(values).subspan(sample * columns, columns);
  }
  // A column alone is the probability of the second of two classes.
  size_t classes() const { return columns == 1 ? 2 : columns; }
};

// The first output of the model for every sample, read with the file's own scale and zero point.
// Throws Error(data) for NaN, Error(unsupported) when the output has no row a sample or all rows
// together do not fit in memory.
Outputs collect_outputs(Runner& runner);

// The class each row names: the first largest column; with one column, whether it exceeds 0.5.
std::vector<int32_t> top_classes(const Outputs& outputs);

}  // namespace litesmith
