// The same bytes under another shape.
#include <cstring>

#include "runtime/bindings/bindings.h"

namespace litesmith::bindings {

BoundKernel copy(const BindContext& context) {
  const Value& output = context.output();
  if (context.input(0).dtype != output.dtype || bits(output.dtype) % 8 != 0) context.unsupported();
  const auto bytes = static_cast<size_t>(element_count(output.shape)) *
                     static_cast<size_t>(bits(output.dtype) / 8);
  return {[bytes](const StepMemory& memory) {
    std::memcpy(memory.outputs[0], memory.inputs[0], bytes);
  }};
}

}  // namespace litesmith::bindings
