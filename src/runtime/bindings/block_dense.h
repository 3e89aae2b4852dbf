// FULLY_CONNECTED of float activations and int4 weights, where kernels differ from those of int8.
#pragma once

#include "runtime/bindings/convolution.h"

namespace litesmith::bindings {

// Of weights with scales by blocks.
BoundKernel bind_block_dense(const BindContext& context, const Convolution& convolution);

// Whether LiteRT's 4-bit kernels run the node, whose weights have one scale or one an output.
bool is_4_bit_dense(const BindContext& context, const Convolution& convolution);
BoundKernel bind_4_bit_dense(const BindContext& context, const Convolution& convolution);

}  // namespace litesmith::bindings
