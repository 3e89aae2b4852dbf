// A convolution and the max pool behind it: the largest sum of each window is found before anything
// is requantized or clamped, which spares most of that work and the memory between the two.
#pragma once

#include <optional>

#include "runtime/binding.h"

namespace litesmith::lower {

// A FusedBinding (fusions.h) of CONV_2D and MAX_POOL_2D.
std::optional<BoundKernel> pooled_convolution(const BindContext& convolution,
                                              const BindContext& pool);

}  // namespace litesmith::lower
