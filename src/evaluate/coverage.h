// Did calibration see what evaluation brings?
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/dataset.h"
#include "ir/graph.h"

namespace litesmith {

// One activation's values outside of its calibrated range, over a dataset.
struct TensorCoverage {
  std::string name;
  Range range;     // from calibration
  float seen_min;  // in the data
  float seen_max;
  size_t outside = 0;
  size_t elements = 0;

  double share() const {
    return elements == 0 ? 0 : static_cast<double>(outside) / static_cast<double>(elements);
  }
};

struct CoverageOptions {
  unsigned threads = 0;  // results do not depend on it
  Progress progress = {};
};

// `calibrated` is a float model whose activations carry ranges. Every tensor with a range, those
// with the largest share outside first.
std::vector<TensorCoverage> measure_coverage(const Model& calibrated, const Dataset& data,
                                             const CoverageOptions& options);

}  // namespace litesmith
