// Kernels that see a tensor as a plain sequence of elements.
#pragma once

#include <array>

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
  if (const auto by = kernels::as_shift(table)) {
    return element_kernel<uint8_t, uint8_t>(
        context, [by = *by](const uint8_t* in, uint8_t* out, int64_t count) {
          kernels::shift(by, in, out, count);
        });
  }
  return element_kernel<uint8_t, uint8_t>(context,
                                          [table](const uint8_t* in, uint8_t* out, int64_t count) {
                                            kernels::look_up(table, in, out, count);
                                          });
}

// What a body makes of each code, `together` in one call or one by one.
template <class In, class Out, class Body>
kernels::ByteTable table_of(Body body, bool together) {
  std::array<In, 256> codes;
  for (size_t code = 0; code < codes.size(); ++code) codes[code] = static_cast<In>(code);
  std::array<Out, 256> results;
  for (size_t first = 0; first < codes.size(); first += together ? 256 : 1) {
    body(&codes[first], &results[first], together ? 256 : 1);
  }
  kernels::ByteTable table;
  for (size_t code = 0; code < table.size(); ++code) {
    table[code] = static_cast<uint8_t>(results[code]);
  }
  return table;
}

// As element_kernel, for a body that treats every element alike, wherever it stands: codes of 8
// bits are looked up in the table of all its results.
template <class In, class Out, class Body>
BoundKernel code_kernel(const BindContext& context, Body body) {
  if constexpr (sizeof(In) == 1 && sizeof(Out) == 1) {
    return table_kernel(context, table_of<In, Out>(body, false));
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
