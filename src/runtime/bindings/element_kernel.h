// Kernels that see a tensor as a plain sequence of elements.
#pragma once

#include "kernels/element_kernels.h"
#include "kernels/lookup_table.h"
#include "runtime/binding.h"

namespace litesmith::bindings {

// Calls body(in, out, count).
template <class In, class Out, class Body>
BoundKernel element_kernel(const BindContext& context, Body body) {
  const int64_t count = element_count(context.output().shape);
  return {[=](const StepMemory& memory) { body(memory.in<In>(0), memory.out<Out>(), count); }};
}

inline BoundKernel table_kernel(const BindContext& context, const kernels::ByteTable& table) {
  return element_kernel<uint8_t, uint8_t>(context,
                                          [table](const uint8_t* in, uint8_t* out, int64_t count) {
                                            kernels::look_up(table, in, out, count);
                                          });
}

// As element_kernel, for a body that treats every element alike, wherever it stands: codes of 8
// bits are looked up in the table of all its results.
template <class In, class Out, class Body>
BoundKernel code_kernel(const BindContext& context, Body body) {
  if constexpr (sizeof(In) == 1 && sizeof(Out) == 1) {
    kernels::ByteTable table;
    for (size_t code = 0; code < table.size(); ++code) {
      const auto in = static_cast<In>(code);
      Out out{};
      body(&in, &out, 1);
      table[code] = static_cast<uint8_t>(out);
    }
    return table_kernel(context, table);
  } else {
    return element_kernel<In, Out>(context, body);
  }
}

inline BoundKernel float_kernel(const BindContext& context, kernels::Unary op, float a = 0,
                                float b = 0) {
  return element_kernel<float, float>(
      context,
      [=, unary = kernels::element_kernels(context.isa).unary](
          const float* in, float* out, int64_t count) { unary(op, a, b, in, out, count); });
}

}  // namespace litesmith::bindings
