// A model judged on data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "litesmith/arithmetic.h"
#include "litesmith/array.h"
#include "litesmith/model.h"
#include "litesmith/progress.h"

namespace litesmith::api {

struct EvaluateOptions {
  std::optional<Samples> labels = {};    // the class number of each sample
  std::optional<Model> against = {};     // another model on the same samples
  std::optional<double> threshold = {};  // a detector's operating point
  std::optional<size_t> positive = {};   // the class it detects
  bool stateful = false;                 // samples are one sequence: variables outlive a sample
  bool explain_cast = false;  // what the file would score if features were cast, not quantized
  bool latency = true;
  Arithmetic arithmetic = Arithmetic::litert;
  std::optional<std::string> signature = {};  // whose subgraph runs, in both; nothing: the main one
  unsigned threads = 0;                       // 0: all the machine has; results do not depend on it
  Progress progress = {};
};

struct Evaluation {
  size_t n = 0;
  std::optional<size_t> correct = {};
  std::vector<int32_t> predicted = {};  // the top class of each sample
  std::vector<std::string> notes = {};  // what was understood that need not have been meant
  std::string text = {};                // what `litesmith evaluate` prints
  std::string json = {};                // the same with --json

  std::optional<double> accuracy() const {
    if (!correct) return std::nullopt;
    return static_cast<double>(*correct) / static_cast<double>(n);
  }
};

// Throws Error(usage) when there is nothing to judge by: neither labels nor another model.
//
//   const auto result = api::evaluate(model, "test_features.npy", {.labels = "test_labels.npy"});
//   std::cout << result.text;
Evaluation evaluate(const Model& model, const Samples& samples, const EvaluateOptions& options);

}  // namespace litesmith::api
