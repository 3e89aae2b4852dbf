// One model judged on data: right answers, against another model, speed, and what a careless
// cast would have made of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/dataset.h"
#include "data/labels.h"
#include "evaluate/latency.h"
#include "evaluate/metrics.h"
#include "evaluate/outputs.h"
#include "ir/graph.h"

namespace litesmith {

struct EvaluateOptions {
  Arithmetic arithmetic = Arithmetic::litert;
  unsigned threads = 0;  // 0: all the machine has; results do not depend on it
  Progress progress = {};
  std::string stage = "evaluating";      // what progress is told
  bool stateful = false;                 // samples are one sequence: variables outlive a sample
  std::optional<double> threshold = {};  // the operating point of a detector
  // The class it detects; for models of two classes the second one when not given.
  std::optional<size_t> positive = {};
  bool explain_cast = false;
  bool latency = true;
};

// The score when features are cast to the input's integer type without scale and zero point.
struct CastScore {
  std::string input;
  DType type = DType::uint8;
  float scale = 1;
  int64_t zero_point = 0;
  size_t n = 0;
  size_t correct = 0;
};

struct Evaluation {
  size_t n = 0;
  Outputs outputs;
  std::vector<int32_t> predicted;  // the top class of each sample
  std::optional<Latency> latency;
  // With labels:
  std::vector<int32_t> labels;
  std::optional<ConfusionMatrix> confusion;
  std::optional<Detection> detection;
  std::optional<CastScore> cast;
  // Against a reference:
  std::optional<Agreement> agreement;
  std::optional<Difference> difference;
  std::vector<std::string> notes;  // what was understood that need not have been meant
};

// Runs `model` over `data`. `labels` and `reference` (an earlier evaluation of another model on the
// same data) may be null. Throws Error(usage) for a threshold without labels or without a class to
// watch.
Evaluation evaluate(const Model& model, const Dataset& data, const Labels* labels,
                    const Evaluation* reference, const EvaluateOptions& options);

}  // namespace litesmith
