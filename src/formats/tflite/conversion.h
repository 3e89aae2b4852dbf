// What a .tflite file says about its own making.
#pragma once

#include <string>
#include <vector>

#include "ir/graph.h"

namespace litesmith::tflite {

// The metadata entries of a file written from `model`, in the order TensorFlow writes them: the
// oldest runtime that can run it, what reduced precision it allows, and who made it and how; then
// what the model carries besides.
std::vector<Metadata> conversion_metadata(const Model& model);

// What a file says of itself; empty where it says nothing.
struct Origin {
  std::string made_by;              // "TensorFlow 2.21.0", "litesmith 0.1.0"
  std::string min_runtime_version;  // "1.14.0"
};
Origin origin(const std::vector<Metadata>& metadata);

}  // namespace litesmith::tflite
