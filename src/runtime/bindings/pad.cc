// Borders around a tensor: PAD, PADV2, MIRROR_PAD.
#include "ops/pad.h"

#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "kernels/fill.h"
#include "kernels/indexed_copy.h"
#include "kernels/strided_copy.h"
#include "ops/inference.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

using Element = std::array<std::byte, 16>;

// The border is `value`, or the element of operand `value_operand`.
BoundKernel padded(const BindContext& context, const Element& value,
                   std::optional<size_t> value_operand) {
  const Shape& from = context.input(0).shape;
  const Shape& to = context.output().shape;
  const size_t size = element_bytes(context, context.output());
  require_same_type(context, context.input(0));
  const auto amounts = constant_int32(context.node, 1);
  const auto strides_in = kernels::dense_strides(from);
  const auto strides_out = kernels::dense_strides(to);
  int64_t first = 0;
  std::vector<kernels::LatticeDimension> dimensions;
  for (size_t d = 0; d < from.size(); ++d) {
    first += amounts[2 * d] * strides_out[d];
    dimensions.push_back({from[d], strides_in[d], strides_out[d]});
  }
  const size_t count = count_between(to, 0, to.size());
  const size_t offset = element_count(from) == 0 ? 0 : static_cast<size_t>(first) * size;
  kernels::StridedCopy copy(size, std::move(dimensions));
  return {[=](const StepMemory& memory) {
    const std::byte* border = value_operand ? memory.inputs[*value_operand] : value.data();
    kernels::fill(memory.outputs[0], count, border, size);
    copy(memory.inputs[0], memory.outputs[0] + offset);
  }};
}

}  // namespace

BoundKernel pad(const BindContext& context) {
  Element zero = {};
  const Value& output = context.output();
  if (output.quantization.present()) {
    const int32_t zero_point = per_tensor(output).zero_point;
    std::memcpy(zero.data(), &zero_point, sizeof zero_point);  // the low bytes come first
  }
  return padded(context, zero, std::nullopt);
}

BoundKernel pad_v2(const BindContext& context) {
  const Value& value = context.input(2);
  if (element_count(value.shape) != 1) context.unsupported("the padding value is no scalar");
  require_same_quantization(context, value);
  return padded(context, {}, size_t{2});
}

BoundKernel mirror_pad(const BindContext& context) {
  const Value& input = context.input(0);
  require_same_type(context, input);
  const bool border_included = context.op<MirrorPad>().mode == MirrorPadMode::symmetric;
  const auto amounts = constant_int32(context.node, 1);
  std::vector<std::vector<int32_t>> tables;
  for (size_t d = 0; d < input.shape.size(); ++d) {
    tables.push_back(kernels::mirrored_positions(input.shape[d], amounts[2 * d], amounts[2 * d + 1],
                                                 border_included));
  }
  kernels::IndexedCopy copy(element_bytes(context, input), input.shape, tables);
  return {[copy = std::move(copy)](const StepMemory& memory) {
    copy(memory.inputs[0], memory.outputs[0]);
  }};
}

}  // namespace litesmith::bindings
