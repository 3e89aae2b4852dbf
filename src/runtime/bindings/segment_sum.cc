// SEGMENT_SUM, whose segments, known by now, are numbered in order.
#include "ops/segment_sum.h"

#include <algorithm>
#include <type_traits>

#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

// Floats are added slice by slice, as LiteRT does; integers wrap.
template <class T>
BoundKernel bind(const BindContext& context) {
  const Shape& shape = context.input(0).shape;
  return {[rows = static_cast<size_t>(shape[0]), slice = count_between(shape, 1, shape.size()),
           all = element_count(context.output().shape)](const StepMemory& memory) {
    T* const out = memory.out<T>();
    std::fill_n(out, all, T{});
    const T* in = memory.in<T>(0);
    for (size_t row = 0; row < rows; ++row, in += slice) {
      T* const to = out + static_cast<size_t>(memory.in<int32_t>(1)[row]) * slice;
      for (size_t i = 0; i < slice; ++i) {
        if constexpr (std::is_integral_v<T>) {
          to[i] = static_cast<T>(static_cast<uint32_t>(to[i]) + static_cast<uint32_t>(in[i]));
        } else {
          to[i] += in[i];
        }
      }
    }
  }};
}

}  // namespace

BoundKernel segment_sum(const BindContext& context) {
  // A run that only now shows the segments is inferred, and bound, anew (runtime/dynamic_node.h).
  if (!context.input(1).is_constant()) context.unsupported("the segments are not known");
  if (context.input(0).dtype == DType::float32) return bind<float>(context);
  if (context.input(0).dtype == DType::int32) return bind<int32_t>(context);
  context.unsupported();
}

}  // namespace litesmith::bindings
