// How many elements of a constant are zero: what pruning has left.
#pragma once

#include <cstdint>

#include "ir/graph.h"

namespace litesmith {

// Elements that stand for 0.0: of quantized integers those at the zero point. 0 for a value that is
// no constant or holds no numbers.
int64_t count_zeros(const Value& value);

}  // namespace litesmith
