// WHERE, whose output has as many rows as its operand, known by now, has elements that are not
// zero.
#include "ops/where.h"

#include "runtime/bindings/bindings.h"

namespace litesmith::bindings {
namespace {

template <class T>
BoundKernel bind(const BindContext& context) {
  const Shape shape = context.input(0).shape;
  const int64_t count = element_count(shape);
  return {[shape, count](const StepMemory& memory) {
    int64_t* out = memory.out<int64_t>();
    for (int64_t i = 0; i < count; ++i) {
      if (memory.in<T>(0)[i] == T{0}) continue;
      int64_t rest = i;
      for (size_t d = shape.size(); d-- > 0;) {
        out[d] = rest % shape[d];
        rest /= shape[d];
      }
      out += shape.size();
    }
  }};
}

}  // namespace

BoundKernel where(const BindContext& context) {
  switch (context.input(0).dtype) {
    case DType::float32:
      return bind<float>(context);
    case DType::int32:
      return bind<int32_t>(context);
    case DType::int64:
      return bind<int64_t>(context);
    case DType::boolean:
    case DType::int8:
    case DType::uint8:
      return bind<uint8_t>(context);
    default:
      context.unsupported();
  }
}

}  // namespace litesmith::bindings
