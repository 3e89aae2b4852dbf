// Two versions of a network, layer by layer.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "litesmith/arithmetic.h"
#include "litesmith/array.h"
#include "litesmith/model.h"
#include "litesmith/progress.h"

namespace litesmith::api {

struct CompareOptions {
  size_t samples = 0;  // draw this many, seeded; 0: all
  size_t top = 0;      // the text shows only this many tensors; 0: all
  Arithmetic arithmetic = Arithmetic::litert;
  // Whose subgraph runs, in .tflite files; nothing: the main one.
  std::optional<std::string> signature = {};
  unsigned threads = 0;  // 0: all the machine has; results do not depend on it
  Progress progress = {};
};

// How far a tensor of the second model lies from the same tensor of the first.
struct LayerDifference {
  std::string tensor;
  std::string op;
  double max_error = 0;
  double rms_error = 0;
  double sqnr_db = std::numeric_limits<double>::infinity();
  double cosine = 1;
};

struct Comparison {
  std::vector<LayerDifference> layers = {};  // worst first
  std::vector<std::string> notes = {};
  std::string text = {};  // what `litesmith compare` prints
  std::string json = {};  // the same with --json
};

//   const auto found = api::compare(api::load("a.keras"), api::load("a.int8.tflite"), "x.npy");
Comparison compare(const Model& a, const Model& b, const Samples& samples,
                   const CompareOptions& options = {});

}  // namespace litesmith::api
