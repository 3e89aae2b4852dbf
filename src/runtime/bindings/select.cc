#include "kernels/select.h"

#include "kernels/strided_copy.h"
#include "ops/select.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

// The operand's strides along the output's dimensions, 0 where it is repeated. A vector beside
// values of more dimensions is one condition a row in SELECT, whose operands do not broadcast.
std::vector<int64_t> strides_along(const Shape& operand, const Shape& output, bool from_front) {
  const std::vector<int64_t> dense = kernels::dense_strides(operand);
  std::vector<int64_t> strides(output.size(), 0);
  const size_t offset = from_front ? 0 : output.size() - operand.size();
  for (size_t d = 0; d < operand.size(); ++d) {
    if (operand[d] != 1) strides[offset + d] = dense[d];
  }
  return strides;
}

}  // namespace

BoundKernel select(const BindContext& context) {
  require_same_type(context, context.input(1));
  const Shape& output = context.output().shape;
  const bool by_row = &context.node.op.def() == &Select::definition();
  const auto condition = strides_along(context.input(0).shape, output, by_row);
  const auto first = strides_along(context.input(1).shape, output, false);
  const auto second = strides_along(context.input(2).shape, output, false);
  std::vector<kernels::SelectDimension> dimensions;
  for (size_t d = 0; d < output.size(); ++d) {
    dimensions.push_back({output[d], condition[d], first[d], second[d]});
  }
  return {[dimensions = std::move(dimensions),
           bytes = element_bytes(context, context.output())](const StepMemory& memory) {
    std::byte* out = memory.outputs[0];
    kernels::select(dimensions, 0, bytes, memory.in<uint8_t>(0), memory.inputs[1], memory.inputs[2],
                    out);
  }};
}

}  // namespace litesmith::bindings
