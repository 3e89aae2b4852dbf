// One tensor into parts: SPLIT, SPLIT_V, UNPACK.
#include <utility>

#include "kernels/strided_copy.h"
#include "ops/arrange.h"
#include "ops/inference.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

// Parts of `counts` positions each along `axis` of operand `operand`, in order.
BoundKernel parts(const BindContext& context, size_t operand, size_t axis,
                  const std::vector<int64_t>& counts) {
  const Value& input = context.input(operand);
  const size_t size = element_bytes(context, input);
  const auto outer = static_cast<int64_t>(count_between(input.shape, 0, axis));
  const auto inner = static_cast<int64_t>(count_between(input.shape, axis + 1, input.shape.size()));
  const int64_t row = input.shape[axis] * inner;
  struct Part {
    int64_t offset_bytes;
    kernels::StridedCopy copy;
  };
  std::vector<Part> made;
  int64_t offset = 0;
  for (const int64_t count : counts) {
    made.push_back(
        {offset * static_cast<int64_t>(size),
         kernels::StridedCopy(size, {{outer, row, count * inner}, {count * inner, 1, 1}})});
    offset += count * inner;
  }
  return {[operand, made = std::move(made)](const StepMemory& memory) {
    for (size_t i = 0; i < made.size(); ++i) {
      made[i].copy(memory.inputs[operand] + made[i].offset_bytes, memory.outputs[i]);
    }
  }};
}

std::vector<int64_t> sizes_along(const BindContext& context, size_t axis) {
  std::vector<int64_t> counts;
  for (const Value* output : context.node.outputs) counts.push_back(output->shape[axis]);
  return counts;
}

size_t axis_of(const BindContext& context, size_t axis_operand, size_t operand) {
  return static_cast<size_t>(normalize_axis(constant_int32(context.node, axis_operand).at(0),
                                            context.input(operand).shape.size()));
}

}  // namespace

BoundKernel split(const BindContext& context) {
  const size_t axis = axis_of(context, 0, 1);
  return parts(context, 1, axis, sizes_along(context, axis));
}

BoundKernel split_v(const BindContext& context) {
  const size_t axis = axis_of(context, 2, 0);
  return parts(context, 0, axis, sizes_along(context, axis));
}

BoundKernel unpack(const BindContext& context) {
  const int axis = normalize_axis(context.op<Unpack>().axis, context.input(0).shape.size());
  return parts(context, 0, static_cast<size_t>(axis),
               std::vector<int64_t>(context.node.outputs.size(), 1));
}

}  // namespace litesmith::bindings
