// Operands that a binding reads when it is made.
#pragma once

#include <span>

#include "runtime/binding.h"

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

}  // namespace litesmith::bindings
