// Operands that broadcast, brought into one order.
#pragma once

#include <vector>

#include "formats/onnx/call.h"

namespace litesmith::onnx {

struct Aligned {
  std::vector<ValueId> values;
  Order order;  // of the result
  bool channels_first = false;
};

// Inputs `first` to `first + count`. ONNX aligns shapes at their last dimension; in another order
// those of fewer dimensions are given leading ones first. Before opset 7 the second operand is
// aligned at the attribute `axis`, where there is one.
Aligned align(Call& call, size_t first, size_t count);

// Output 0 is this value, laid out as the operands are.
inline void set_like(Call& call, const Aligned& operands, ValueId value) {
  call.set(0, value, operands.order, operands.channels_first);
}

// LiteRT takes integers of 8 and 16 bits for quantized numbers. Those that are plain integers are
// computed as int32, which holds whatever one operation makes of them, and brought back.
bool is_short_integer(DType dtype);
ValueId widened(Call& call, ValueId x);
ValueId narrowed(Call& call, ValueId x, DType dtype);

// The shape that ONNX shapes broadcast to.
Shape broadcast_shape(const Call& call, size_t first, size_t count);

}  // namespace litesmith::onnx
