// Which operators each ONNX operator becomes, for those who read docs/operators.md.
#pragma once

#include <span>
#include <string_view>

namespace litesmith::onnx {

// LiteRT's operators by name, separated by blanks: those that a float32 file of the ONNX operator
// holds, in one of its settings or another; QuantizeLinear and DequantizeLinear in an int8 file,
// where no operator takes them in. Operators that vanish have no row.
struct OperatorOps {
  std::string_view name;
  std::string_view ops;
};

std::span<const OperatorOps> all_operator_ops();

}  // namespace litesmith::onnx
