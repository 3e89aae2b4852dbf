// SHAPE: known as soon as shapes are.
#include <vector>

#include "runtime/bindings/bindings.h"

namespace litesmith::bindings {
namespace {

template <class T>
BoundKernel write_shape(const Shape& shape) {
  return {.run = [shape](const StepMemory& memory) {
    for (size_t i = 0; i < shape.size(); ++i) memory.out<T>()[i] = shape[i];
  }};
}

}  // namespace

BoundKernel shape_of(const BindContext& context) {
  const Shape& shape = context.input(0).shape;
  return context.output().dtype == DType::int64 ? write_shape<int64_t>(shape)
                                                : write_shape<int32_t>(shape);
}

}  // namespace litesmith::bindings
