// A model seen from one of its signatures.
#pragma once

#include <string_view>

#include "ir/graph.h"

namespace litesmith {

// The model with the subgraph of signature `key` as the one that runs, and this signature alone.
// Other subgraphs keep their numbers, by which ops call them. Throws Error(usage) listing the
// signatures there are, Error(unsupported) when an op of the model calls its main subgraph, whose
// place the signature's takes.
//
//   const Model encoder = of_signature(read_tflite("translator.tflite"), "encode");
Model of_signature(const Model& model, std::string_view key);

}  // namespace litesmith
