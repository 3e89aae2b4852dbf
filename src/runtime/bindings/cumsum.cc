// CUMSUM (LiteRT reference/cumsum.h): floats are added one by one, integers wrap.
#include "ops/cumsum.h"

#include <type_traits>

#include "kernels/fixed_point.h"
#include "ops/inference.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

template <class T>
T sum_of(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return kernels::wrapping_add(a, b);
  } else {
    return a + b;
  }
}

template <class T>
BoundKernel bind(const BindContext& context) {
  const auto& op = context.op<Cumsum>();
  const Shape& shape = context.output().shape;
  const auto axis =
      static_cast<size_t>(normalize_axis(constant_int32(context.node, 1).at(0), shape.size()));
  return {[=, outer = count_between(shape, 0, axis), depth = static_cast<size_t>(shape[axis]),
           inner = count_between(shape, axis + 1, shape.size()), exclusive = op.exclusive,
           reverse = op.reverse](const StepMemory& memory) {
    for (size_t o = 0; o < outer; ++o) {
      for (size_t i = 0; i < inner; ++i) {
        T sum = 0;
        for (size_t d = 0; d < depth; ++d) {
          const size_t place = (o * depth + (reverse ? depth - 1 - d : d)) * inner + i;
          const T element = memory.in<T>(0)[place];
          const T next = sum_of(sum, element);
          memory.out<T>()[place] = exclusive ? sum : next;
          sum = next;
        }
      }
    }
  }};
}

}  // namespace

BoundKernel cumsum(const BindContext& context) {
  switch (context.output().dtype) {
    case DType::float32:
      return bind<float>(context);
    case DType::int32:
      return bind<int32_t>(context);
    case DType::int64:
      return bind<int64_t>(context);
    default:
      context.unsupported();
  }
}

}  // namespace litesmith::bindings
