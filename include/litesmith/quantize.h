// From a trained model to a LiteRT file in one of the five modes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "litesmith/array.h"
#include "litesmith/mode.h"
#include "litesmith/model.h"
#include "litesmith/progress.h"

namespace litesmith::api {

struct QuantizeOptions {
  Mode mode = Mode::int8;
  ConvertTarget target = ConvertTarget::litert;
  // What int8 and int16x8 measure ranges on, unless the model carries ranges already.
  std::optional<Samples> representative_dataset = {};
  size_t calibration_samples = 500;  // drawn from more; 0: all
  uint64_t seed = 1;
  // The samples are one sequence: all of them are taken, in their order, and variables outlive a
  // sample.
  bool stateful = false;
  // Of the file's inputs and outputs. int8: float32, int8 or uint8; int16x8: float32 or int16;
  // other modes: float32.
  DType input_type = DType::float32;
  DType output_type = DType::float32;
  bool per_channel = true;
  // Ops that stay float, by name ("SOFTMAX") or by the name of a tensor they make.
  std::vector<std::string> keep_float = {};
  // The float model with the measured ranges instead, to be quantized later.
  bool calibrate_only = false;
  unsigned threads = 0;  // 0: all the machine has; the result does not depend on it
  Progress progress = {};
};

struct Quantized {
  Model model;
  std::vector<std::string> warnings = {};
  std::vector<std::string> kept_float = {};  // what stayed float, and why
};

// Throws Error(usage) for options that do not fit the mode, Error(data) for samples that do not fit
// the model.
//
//   const auto int8 = api::quantize(model, {.representative_dataset = "calibration.npy"});
//   int8.model.save("wake_word.int8.tflite");
Quantized quantize(const Model& model, const QuantizeOptions& options);

}  // namespace litesmith::api
