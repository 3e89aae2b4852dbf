// The same bytes under another shape.
#include <cstring>

#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {

BoundKernel copy(const BindContext& context) {
  const Value& output = context.output();
  require_same_type(context, context.input(0));
  const auto count = static_cast<size_t>(element_count(output.shape));
  return {[bytes = count * element_bytes(context, output)](const StepMemory& memory) {
    std::memcpy(memory.outputs[0], memory.inputs[0], bytes);
  }};
}

}  // namespace litesmith::bindings
