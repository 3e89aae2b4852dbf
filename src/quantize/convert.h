// A float model in, a model in one of the five modes out.
#pragma once

#include <string>
#include <vector>

#include "ir/graph.h"
#include "litesmith/mode.h"

namespace litesmith {

struct ConvertOptions {
  Mode mode = Mode::float32;
  ConvertTarget target = ConvertTarget::litert;
  // Types of the file's inputs and outputs. int8 mode: float32, int8 or uint8; int16x8 mode:
  // float32 or int16; other modes: float32.
  DType input_type = DType::float32;
  DType output_type = DType::float32;
  bool per_channel = true;
  // Ops that stay float, by builtin name ("SOFTMAX") or by the name of a tensor they make.
  std::vector<std::string> keep_float = {};
  // A model that its author quantized (a QDQ model) is returned as it is; mode int8 alone.
  bool keep_quantized = false;
};

// True when any value has quantization parameters.
bool is_quantized(const Model& model);
// Throws Error(unsupported) for one that is quantized: to do it again would hide a loss that nobody
// can take back. convert() does so, too; this is for who calibrates before.
void require_float(const Model& model);

// True when training has learned ranges that int8 mode uses: no calibration is needed then, and
// what it measures serves where nothing was learned.
bool has_learned_ranges(const Model& model);

// What the user is told about a conversion.
struct ConvertNotes {
  std::vector<std::string> warnings;
  std::vector<std::string> kept_float;  // one line an op or constant: which, and why
  std::string learned;                  // what came from training instead of calibration; or empty
};

// `model` is float and rewritten; for int8 and int16x8 its activations carry ranges (calibrate.h),
// for int8 perhaps learned ones; ops at values that have none of these then stay float.
// Throws Error(usage) for types the mode does not allow, Error(data) for a missing range.
Model convert(const Model& model, const ConvertOptions& options, ConvertNotes& notes);

}  // namespace litesmith
