// Leaves out the rows and columns of images that no output of the graph depends on. A VALID window
// that does not divide its image drops the rest of it, and all that was computed for the rest.
#pragma once

#include <cstddef>
#include <vector>

#include "ir/graph.h"

namespace litesmith {

// Shortens the shapes of values between `nodes` (indices, in order) at the end of height and width,
// where producer and consumers do the same on the shorter images. Graph inputs and outputs keep
// their shapes.
void trim(Graph& graph, const std::vector<size_t>& nodes);

}  // namespace litesmith
