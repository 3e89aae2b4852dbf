// Samples for scores_model (scores.h) in memory.
#pragma once

#include <vector>

#include "data/dataset.h"
#include "testing/arrays.h"

namespace litesmith {

// [samples, columns, 1] of "x.npy".
inline Dataset rows(const std::vector<float>& values, int64_t columns) {
  const auto count = static_cast<int64_t>(values.size()) / columns;
  return Dataset::of({{"", array_of<float>({count, columns, 1}, values)}}, "x.npy");
}

}  // namespace litesmith
