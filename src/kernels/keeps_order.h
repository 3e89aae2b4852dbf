// Whether a requantization may stand behind a maximum: max(f(a), f(b)) = f(max(a, b)).
#pragma once

#include <cstdint>
#include <span>

#include "kernels/requantization.h"

namespace litesmith::kernels {

// True when no two sums that a layer can have come out of the requantization the other way round.
// Rounding keeps order; what does not is a negative multiplier, and bits that wrap. `filter` holds
// the weights above their zero point, output channel first; an empty bias is zeros;
// `largest_input` bounds the inputs above their zero point, by size.
bool keeps_order(const AnyRequantization& requantization, std::span<const int16_t> filter,
                 std::span<const int64_t> bias, int32_t largest_input);

}  // namespace litesmith::kernels
