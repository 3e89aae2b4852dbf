// What bindings of operators with two operands share.
#pragma once

#include <utility>

#include "kernels/broadcast.h"
#include "runtime/binding.h"
#include "runtime/xnnpack_takes.h"

namespace litesmith::bindings {

inline bool runs_on_xnnpack(const BindContext& context) {
  return context.arithmetic == Arithmetic::litert && xnnpack_takes(context.node);
}

inline kernels::Broadcast broadcast_of(const BindContext& context) {
  return kernels::Broadcast(context.input(0).shape, context.input(1).shape);
}

// A kernel that calls body(first, step, second, step, out, count) for each run of operands that
// broadcast, First and Second being their element types. Steps are 0 or 1.
template <class First, class Second, class Out, class Body>
BoundKernel broadcasting_kernel(const kernels::Broadcast& broadcast, Body body) {
  const int64_t step_first = broadcast.advance() == kernels::Advance::second ? 0 : 1;
  const int64_t step_second = broadcast.advance() == kernels::Advance::first ? 0 : 1;
  return {[=](const StepMemory& memory) {
    const First* first = memory.in<First>(0);
    const Second* second = memory.in<Second>(1);
    Out* out = memory.out<Out>();
    broadcast.for_each_run([&](int64_t at, int64_t at_first, int64_t at_second) {
      body(first + at_first, step_first, second + at_second, step_second, out + at,
           broadcast.run());
    });
  }};
}

// Calls body(T{}) with a value of the C++ type of a quantized tensor: int8, uint8 or int16.
template <class Body>
BoundKernel with_quantized_type(const BindContext& context, DType dtype, Body&& body) {
  switch (dtype) {
    case DType::int8:
      return body(int8_t{});
    case DType::uint8:
      return body(uint8_t{});
    case DType::int16:
      return body(int16_t{});
    default:
      context.unsupported();
  }
}

}  // namespace litesmith::bindings
