// Operands beyond what a step only reads: constants that a binding reads when it is made, variables
// that a kernel changes.
#pragma once

#include <span>
#include <vector>

#include "runtime/binding.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {

// A constant operand's elements, none where it is absent; refuses another type, and what is
// computed when the model runs.
template <class T>
std::span<const T> constant_operand(const BindContext& context, size_t operand) {
  const Value* value = context.optional_input(operand);
  if (value == nullptr) return {};
  if (value->dtype != dtype_of<T>()) context.unsupported();
  if (!value->is_constant()) context.unsupported("its weights are computed when the model runs");
  return value->elements<T>();
}

// A constant operand of int8 codes with one scale and zero point 0 as the numbers they stand for;
// none where it is absent.
inline std::vector<float> real_operand(const BindContext& context, size_t operand) {
  const auto codes = constant_operand<int8_t>(context, operand);
  if (codes.empty()) return {};
  const float scale = per_tensor(context.input(operand)).scale;
  std::vector<float> result;
  result.reserve(codes.size());
  for (const int8_t code : codes) result.push_back(static_cast<float>(code) * scale);
  return result;
}

// A constant of int2 or int4 as int8 of the same scales, which is what most kernels take.
inline Value widened_integers(const Value& narrow) {
  Value wide = narrow;
  wide.dtype = DType::int8;
  wide.data = Buffer::of(unpacked_integers(narrow));
  return wide;
}

// A variable operand: its memory is the interpreter's own, never a constant's.
template <class T>
T* variable_operand(const StepMemory& memory, size_t operand) {
  return const_cast<T*>(memory.in<T>(operand));
}

}  // namespace litesmith::bindings
