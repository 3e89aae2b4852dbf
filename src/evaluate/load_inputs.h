// The samples of one run, from a feed into an interpreter.
#pragma once

#include <cstddef>

#include "data/feed.h"
#include "runtime/interpreter.h"

namespace litesmith {

// Fills every input of `interpreter`, whose plan is of the feed's graph.
void load_inputs(const Feed& feed, size_t run, Interpreter& interpreter);

}  // namespace litesmith
