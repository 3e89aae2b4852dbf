// The main job: LiteRT files in all five modes and the table that judges them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "litesmith/arithmetic.h"
#include "litesmith/array.h"
#include "litesmith/mode.h"
#include "litesmith/model.h"
#include "litesmith/progress.h"

namespace litesmith::api {

struct OptimizeOptions {
  std::filesystem::path out;  // a folder; made when missing
  std::optional<Samples> calibrate = {};
  std::optional<Samples> calibrate_labels = {};  // to check that no class is missing
  std::optional<Samples> evaluate = {};
  std::optional<Samples> labels = {};
  std::optional<std::vector<Mode>> modes = {};  // nothing: every mode there is data for
  DType io = DType::int8;                       // of the int8 file
  bool per_channel = true;
  std::vector<std::string> keep_float = {};
  size_t calibration_samples = 500;  // drawn from more; 0: all
  uint64_t seed = 1;
  // Calibration and evaluation samples are one sequence each: all of them are taken, in their
  // order, and variables outlive a sample.
  bool stateful = false;
  std::optional<double> threshold = {};
  std::optional<size_t> positive = {};
  bool explain_cast = false;
  bool latency = true;
  Arithmetic arithmetic = Arithmetic::litert;
  unsigned threads = 0;  // 0: all the machine has; results do not depend on it
  Progress progress = {};
};

struct ModeResult {
  std::string mode;
  std::filesystem::path file;
  size_t file_bytes = 0;
  std::optional<double> accuracy = {};
};

struct Report {
  std::vector<ModeResult> modes = {};
  std::vector<std::string> warnings = {};
  std::string text = {};      // what `litesmith optimize` prints
  std::string markdown = {};  // table.md
  std::string csv = {};       // results.csv
  std::string json = {};      // results.json (docs/results.md)
};

// Writes <stem>.<mode>.tflite, table.md, results.csv, results.json and, with labels,
// accuracy_size.svg into the folder: all of them, or none when anything fails.
//
//   const auto report = api::optimize(api::load("wake_word.keras"),
//                                     {.out = "out", .calibrate = "calibration.npy"});
//   std::cout << report.text;
Report optimize(const Model& model, const OptimizeOptions& options);

}  // namespace litesmith::api
