// READ_VARIABLE and ASSIGN_VARIABLE on variables that the plan has tied to memory of their own.
#include <cstring>

#include "runtime/bindings/bindings.h"
#include "runtime/evaluate_node.h"

namespace litesmith::bindings {

namespace {

void require_variable(const BindContext& context) {
  const Value& variable = context.input(0);
  if (!variable.is_variable || variable.is_constant() || bits(variable.dtype) == 0) {
    context.unsupported("its handle is not tied to a variable");
  }
}

}  // namespace

BoundKernel read_variable(const BindContext& context) {
  require_variable(context);
  return {[bytes = byte_size(context.output())](const StepMemory& memory) {
    std::memcpy(memory.outputs[0], memory.inputs[0], bytes);
  }};
}

BoundKernel assign_variable(const BindContext& context) {
  require_variable(context);
  return {[bytes = byte_size(context.input(1))](const StepMemory& memory) {
    // The memory of a variable is the interpreter's own, never a constant's.
    std::memcpy(const_cast<std::byte*>(memory.inputs[0]), memory.inputs[1], bytes);
  }};
}

}  // namespace litesmith::bindings
