// What a model is made of.
#pragma once

#include <string>
#include <string_view>

#include "litesmith/model.h"

namespace litesmith::api {

struct Inspection {
  std::string text;  // what `litesmith inspect` prints
  std::string json;  // the same with --json
};

// `weights`: also the minimum, maximum, zeros, unique values and histogram of each constant.
Inspection inspect(const Model& model, bool weights = false);

// What TensorFlow's tf.lite.experimental.Analyzer prints for a .tflite file, byte for byte;
// `heading` is what it calls the file.
std::string analyze(const Model& model, std::string_view heading);

}  // namespace litesmith::api
