// Two operands of plain numbers: float, or integers without a scale.
#pragma once

#include "kernels/elementwise.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {

// Float, int64, int32, and int16 without quantization where `takes_int16`. Empty when the operands
// are of other types.
BoundKernel plain_binary(const BindContext& context, kernels::Binary op, Activation activation,
                         bool takes_int64, bool takes_int16);

bool is_quantized(const Value& value);

}  // namespace litesmith::bindings
