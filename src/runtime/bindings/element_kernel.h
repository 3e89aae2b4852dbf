// A kernel that sees a tensor as a plain sequence of elements.
#pragma once

#include "runtime/binding.h"

namespace litesmith::bindings {

// Calls body(in, out, count).
template <class In, class Out, class Body>
BoundKernel element_kernel(const BindContext& context, Body body) {
  const int64_t count = element_count(context.output().shape);
  return {[=](const StepMemory& memory) { body(memory.in<In>(0), memory.out<Out>(), count); }};
}

}  // namespace litesmith::bindings
