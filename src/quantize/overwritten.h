// A quirk of TensorFlow's calibrator, followed so that both give the same files.
#pragma once

#include "ir/graph.h"

namespace litesmith {

// Widens the range of each value that LiteRT overwrites while it calibrates. All activations carry
// their own ranges.
void widen_overwritten(Graph& graph);

}  // namespace litesmith
