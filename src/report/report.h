// The result of a job as one value, and its renderings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/compare.h"
#include "evaluate/coverage.h"
#include "evaluate/evaluate.h"
#include "evaluate/sizes.h"

namespace litesmith {

// A file that the job read, named so that the job can be repeated.
struct SourceFile {
  std::string name;  // without its folder
  std::string sha256;
  size_t samples = 0;  // that it holds, 0 for a model
};

struct ModeReport {
  std::string mode;  // "int8"
  std::string file;  // name without folder
  std::string sha256;
  DType input_type = DType::float32;
  DType output_type = DType::float32;
  Sizes sizes;
  std::optional<Evaluation> evaluation = {};
  std::vector<std::string> kept_float = {};  // ops and constants that stayed float, and why
  std::vector<std::string> warnings = {};
  std::string learned = {};  // what came from quantization-aware training; empty for nothing

  // "uint8", or "int8 in, float32 out" where they differ.
  std::string io_type() const;
};

struct Calibration {
  SourceFile data;
  size_t samples_used = 0;
  uint64_t seed = 0;
};

struct Report {
  std::string title;  // the model's name
  SourceFile model;
  std::optional<Calibration> calibration = {};
  std::optional<SourceFile> evaluation_data = {};
  std::optional<SourceFile> labels = {};
  std::string arithmetic;
  std::vector<ModeReport> modes = {};
  std::vector<TensorCoverage> outside = {};  // tensors whose values leave the calibrated range
  std::vector<std::string> warnings = {};
  std::vector<std::string> notes = {};
};

// The table, then what needs saying; for a terminal and for table.md.
std::string to_text(const Report& report);
std::string to_markdown(const Report& report);
// One line a mode under a line of names.
std::string to_csv(const Report& report);
// results.json: docs/results.md describes every field.
std::string to_json(const Report& report);
// Accuracy against bytes, with 95% intervals. Nothing when no mode has an accuracy.
std::optional<std::string> to_svg(const Report& report);

// One file alone, in full: accuracy, classes, confusion, operating point, cost.
std::string to_text(const ModeReport& mode);
std::string to_json(const ModeReport& mode);

// compare's table, worst layer first, at most `rows` of it (0: all).
std::string to_text(const Comparison& comparison, size_t rows);
std::string to_json(const Comparison& comparison);

// The sentence that says what a cast without scale and zero point would have scored, and why.
std::string explain(const CastScore& cast);

}  // namespace litesmith
