// The smallest and largest value each activation takes over a representative dataset.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "base/progress.h"
#include "ir/graph.h"

namespace litesmith {

// Fills the model's inputs with one sample: one span a graph input, row-major float32.
using FillSample = std::function<void(size_t sample, std::span<const std::span<float>> inputs)>;

struct CalibrateOptions {
  unsigned threads = 0;   // 0: all the machine has; the result does not depend on it
  bool stateful = false;  // samples are one sequence: variables outlive a sample; one thread
  Progress progress = {};
};

// Runs `samples` samples, one at a time, through the float model and gives every float activation
// its range; a variable, what it holds before and after a sample. Values inside an op that matter
// to its integers (QuantSpec::own_rules) are added to the model where it lacks them. Plain minimum
// and maximum, as TensorFlow Lite's calibrator takes them (see overwritten.h for the one
// exception); NaN is refused. Throws Error(data) when `samples` is 0.
Model calibrate(const Model& model, size_t samples, const FillSample& fill,
                const CalibrateOptions& options = {});

}  // namespace litesmith
