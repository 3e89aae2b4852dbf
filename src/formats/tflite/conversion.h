// What a .tflite file says about its own making.
#pragma once

#include <vector>

#include "ir/graph.h"

namespace litesmith::tflite {

// The metadata entries of a file written from `model`, in the order TensorFlow writes them: the
// oldest runtime that can run it, what reduced precision it allows, and who made it and how; then
// what the model carries besides.
std::vector<Metadata> conversion_metadata(const Model& model);

}  // namespace litesmith::tflite
