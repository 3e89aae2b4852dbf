// FULLY_CONNECTED of float activations and weights with scales by blocks.
#pragma once

#include "runtime/bindings/convolution.h"

namespace litesmith::bindings {

BoundKernel bind_block_dense(const BindContext& context, const Convolution& convolution);

}  // namespace litesmith::bindings
