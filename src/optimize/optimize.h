// The main job: a trained model in, LiteRT files in the five modes and a table one can trust out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/dataset.h"
#include "data/labels.h"
#include "formats/model_file/model_file.h"
#include "ir/graph.h"
#include "litesmith/arithmetic.h"
#include "litesmith/mode.h"
#include "optimize/given.h"
#include "report/report.h"

namespace litesmith {

struct OptimizeOptions {
  Given<Model> model;         // .keras, .h5, .onnx, float .tflite
  LoadOptions load = {};      // of a file, where its format leaves something open
  std::filesystem::path out;  // a folder; made when missing
  // What int8 and int16x8 need: samples the model will meet, not those it is judged on.
  std::optional<Given<Dataset>> calibrate = {};
  // To check that all classes are there.
  std::optional<Given<Labels>> calibrate_labels = {};
  std::optional<Given<Dataset>> evaluate = {};
  std::optional<Given<Labels>> labels = {};
  // Nothing: every mode there is data for.
  std::optional<std::vector<Mode>> modes = {};
  DType io = DType::int8;  // of the int8 file; the others have float inputs and outputs
  bool per_channel = true;
  std::vector<std::string> keep_float = {};
  size_t calibration_samples = 500;  // drawn from more; 0: all
  uint64_t seed = 1;
  // Calibration and evaluation samples are one sequence each: all of them are taken, in their
  // order, and variables outlive a sample.
  bool stateful = false;
  Arithmetic arithmetic = Arithmetic::litert;
  std::optional<double> threshold = {};
  std::optional<size_t> positive = {};
  bool explain_cast = false;
  bool latency = true;
  unsigned threads = 0;  // 0: all the machine has; results do not depend on it
  Progress progress = {};
};

// Writes <stem>.<mode>.tflite, table.md, results.csv, results.json and, with labels,
// accuracy_size.svg into `out`: all of them, or none when anything fails.
//
//   const Report report = optimize({.model = "wake_word.keras", .out = "out",
//                                   .calibrate = "calibration.npy"});
//   std::cout << to_text(report);
Report optimize(const OptimizeOptions& options);

}  // namespace litesmith
