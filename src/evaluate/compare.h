// Two versions of a network, layer by layer, on the same data.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/dataset.h"
#include "ir/graph.h"
#include "runtime/plan.h"

namespace litesmith {

// How far a tensor of B lies from the same tensor of A, over all samples and elements.
struct LayerDifference {
  std::string name;              // in A
  std::string op;                // of A that makes it; empty for an input
  DType dtype = DType::float32;  // in B
  Shape shape;                   // of one sample's run
  size_t position = 0;           // in the order A computes its tensors
  double max_error = 0;
  double rms_error = 0;
  double rms_signal = 0;
  // Signal to quantization noise, 20 log10(rms signal / rms error) in dB; infinite when equal.
  double sqnr_db = 0;
  double cosine = 1;
  double b_min = 0;
  double b_max = 0;
};

struct CompareOptions {
  Arithmetic arithmetic = Arithmetic::litert;
  unsigned threads = 0;  // results do not depend on it
  Progress progress = {};
};

struct Comparison {
  size_t samples = 0;
  std::vector<LayerDifference> layers;  // worst (least sqnr_db) first
  std::vector<std::string> unmatched;   // tensors of A without a partner
  std::vector<std::string> notes;
};

// Integers are read with their own scale and zero point. Throws Error(data) when the models do not
// take the same data or have no tensor in common.
Comparison compare(const Model& a, const Model& b, const Dataset& data,
                   const CompareOptions& options);

}  // namespace litesmith
