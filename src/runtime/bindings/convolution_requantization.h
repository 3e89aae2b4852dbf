// Which way an integer layer's sums take to its outputs: the rounding of the kernel that LiteRT, or
// TFLite Micro, would run it with, and its multipliers.
#pragma once

#include "kernels/requantization.h"
#include "runtime/bindings/convolution_layout.h"

namespace litesmith::bindings {

kernels::AnyRequantization requantization_8_bit(const Layout& layout);
kernels::AnyRequantization requantization_16_bit(const Layout& layout);

}  // namespace litesmith::bindings
