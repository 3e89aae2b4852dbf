// The text of TensorFlow's tf.lite.experimental.Analyzer.
#pragma once

#include <string>
#include <string_view>

#include "formats/tflite/file.h"

namespace litesmith {

// What `tf.lite.experimental.Analyzer.analyze(model_path=heading)` of TensorFlow 2.21 prints for
// the file, byte for byte (reference/litert.md, section 4; model_analyzer.cc). Works for files with
// operators this program does not know.
//
//   std::cout << analyzer_text(tflite::read_file(path), path.string());
std::string analyzer_text(const tflite::File& file, std::string_view heading);

}  // namespace litesmith
