// Parts of verify() (ir/graph.h) for who repairs a graph before it is verified.
#pragma once

#include "ir/graph.h"

namespace litesmith {

// The checks of values alone: shapes that can exist, constants of the right number of bytes, sound
// quantization parameters. What shape inference counts on. Throws Error(format).
void verify_values(const Graph& graph);

}  // namespace litesmith
