// The first steps of every conversion: a trained model, rewritten; its ranges from data.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/dataset.h"
#include "formats/model_file/model_file.h"
#include "ir/graph.h"

namespace litesmith {

// The model made smaller by the rewrites of TensorFlow's converter; one that carries ranges has
// been through them and is left as it is.
Model for_conversion(const Model& model);
// The same of the model in a file; a .tflite file's float16 or integer weights are taken back to
// float, which a line in `warnings` tells who asks for it.
Model load_for_conversion(const std::filesystem::path& path, const LoadOptions& options = {},
                          std::vector<std::string>* warnings = nullptr);

struct CalibrateDataOptions {
  unsigned threads = 0;   // results do not depend on it
  bool stateful = false;  // samples are one sequence: variables outlive a sample
  Progress progress = {};
};

// The model with the range of every activation over the samples of `data`.
Model calibrate_on(const Model& model, const Dataset& data, const CalibrateDataOptions& options);

// True when any activation carries a range, from calibration or from the file.
bool has_ranges(const Model& model);

}  // namespace litesmith
