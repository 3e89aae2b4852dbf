// How long one inference takes in litesmith's interpreter.
#pragma once

#include <cstddef>

#include "data/dataset.h"
#include "ir/graph.h"
#include "runtime/plan.h"

namespace litesmith {

struct Latency {
  double median_us = 0;
  double p95_us = 0;
  size_t runs = 0;
};

// Batch 1, one thread, inputs from `data`; feeding is not counted. At most a twentieth of a second
// and 200 runs, at least five; the figures are this machine's and differ from call to call.
Latency measure_latency(const Model& model, const Dataset& data, Arithmetic arithmetic);

}  // namespace litesmith
