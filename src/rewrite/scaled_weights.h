// Weights times one factor an output channel: what a folded batch norm makes of a kernel.
#pragma once

#include <cstddef>
#include <vector>

#include "ir/buffer.h"

namespace litesmith {

// Float32 weights, of which `in_a_row` are of the first output channel, as many of the second, and
// so on, again from the first behind the last; each times its channel's factor or, if it `divides`,
// by it. Made when they are read.
Buffer scaled_by_channel(const Buffer& weights, size_t in_a_row, std::vector<float> factors,
                         bool divides);

}  // namespace litesmith
