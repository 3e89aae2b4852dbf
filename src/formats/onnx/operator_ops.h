// Which operators each ONNX operator becomes, for those who read docs/operators.md.
#pragma once

#include <span>

#include "formats/compose/becomes.h"

namespace litesmith::onnx {

// QuantizeLinear and DequantizeLinear as in an int8 file, where no operator takes them in.
std::span<const compose::Becomes> all_operator_ops();

}  // namespace litesmith::onnx
