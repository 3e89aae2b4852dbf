// What a constant holds: its extremes, zeros, how many different values, and how they spread.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ir/graph.h"

namespace litesmith {

// Of the elements as they are stored: integers are not scaled. NaN is counted and otherwise left
// out.
struct WeightStatistics {
  size_t elements = 0;
  double min = 0;
  double max = 0;
  size_t zeros = 0;
  size_t not_finite = 0;  // NaN and infinities
  size_t unique = 0;
  // Equal bins from min to max; one when all elements are equal.
  std::vector<size_t> histogram;
};

inline constexpr size_t kHistogramBins = 16;

// Nothing for a value that is no constant, has no elements, or is of a type without numbers.
std::optional<WeightStatistics> weight_statistics(const Value& value);

}  // namespace litesmith
