// GATHER: the only mover that may find, when it runs, that it cannot.
#include "kernels/gather.h"

#include <string>

#include "base/error.h"
#include "ops/slice.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

template <class Index>
BoundKernel gather_by(const kernels::GatherSizes& sizes) {
  return {[sizes](const StepMemory& memory) {
    const auto* indices = memory.in<Index>(1);
    const int64_t outside = kernels::gather(sizes, memory.inputs[0], indices, memory.outputs[0]);
    if (outside >= 0) {
      throw Error(ErrorCode::data, "index " + std::to_string(indices[outside]) + " at position " +
                                       std::to_string(outside) + " is outside the " +
                                       std::to_string(sizes.axis) + " entries");
    }
  }};
}

}  // namespace

BoundKernel gather(const BindContext& context) {
  const auto& op = context.op<Gather>();
  const Value& params = context.input(0);
  const Value& indices = context.input(1);
  require_same_type(context, params);
  const auto batch_dims = static_cast<size_t>(op.batch_dims);
  const auto axis = static_cast<size_t>(normalize_axis(op.axis, params.shape.size()));
  for (size_t d = 0; d < batch_dims; ++d) {
    if (params.shape[d] != indices.shape[d]) context.unsupported("batch dimensions differ");
  }
  const kernels::GatherSizes sizes = {
      .batch = count_between(params.shape, 0, batch_dims),
      .outer = count_between(params.shape, batch_dims, axis),
      .axis = params.shape[axis],
      .coords = count_between(indices.shape, batch_dims, indices.shape.size()),
      .inner_bytes = count_between(params.shape, axis + 1, params.shape.size()) *
                     element_bytes(context, params)};
  switch (indices.dtype) {
    case DType::int32:
      return gather_by<int32_t>(sizes);
    case DType::int64:
      return gather_by<int64_t>(sizes);
    case DType::int16:
      return gather_by<int16_t>(sizes);
    default:
      context.unsupported();
  }
}

}  // namespace litesmith::bindings
