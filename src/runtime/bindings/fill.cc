// FILL, ZEROS_LIKE and ONE_HOT.
#include "ops/fill.h"

#include <algorithm>
#include <cstring>

#include "ops/inference.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

// An index beyond the depth, or below 0, is nowhere.
template <class Index>
BoundKernel bind_one_hot(const BindContext& context) {
  const Shape& output = context.output().shape;
  const int32_t stated = context.op<OneHot>().axis;
  const size_t axis =
      stated == -1 ? output.size() - 1 : axis_of(context.node, stated, output.size());
  return {[before = count_between(output, 0, axis), depth = output[axis],
           behind = count_between(output, axis + 1, output.size()),
           bytes = element_bytes(context, context.output())](const StepMemory& memory) {
    std::byte* out = memory.outputs[0];
    const Index* indices = memory.in<Index>(0);
    for (size_t i = 0; i < before; ++i, indices += behind) {
      for (int32_t j = 0; j < depth; ++j) {
        for (size_t k = 0; k < behind; ++k, out += bytes) {
          const bool here = static_cast<int32_t>(indices[k]) == j;
          std::memcpy(out, memory.inputs[here ? 2 : 3], bytes);
        }
      }
    }
  }};
}

}  // namespace

BoundKernel fill(const BindContext& context) {
  require_same_type(context, context.input(1));
  return {[count = element_count(context.output().shape),
           bytes = element_bytes(context, context.output())](const StepMemory& memory) {
    std::byte* out = memory.outputs[0];
    for (int64_t i = 0; i < count; ++i, out += bytes) std::memcpy(out, memory.inputs[1], bytes);
  }};
}

BoundKernel zeros_like(const BindContext& context) {
  switch (context.output().dtype) {
    case DType::float32:
    case DType::int32:
    case DType::int64:
      break;
    default:
      context.unsupported();
  }
  const auto count = static_cast<size_t>(element_count(context.output().shape));
  return {[bytes = count * element_bytes(context, context.output())](const StepMemory& memory) {
    std::fill_n(memory.outputs[0], bytes, std::byte{0});
  }};
}

BoundKernel one_hot(const BindContext& context) {
  require_same_type(context, context.input(2));
  switch (context.output().dtype) {
    case DType::float32:
    case DType::int32:
    case DType::int64:
    case DType::int8:
    case DType::uint8:
    case DType::boolean:
      break;
    default:
      context.unsupported();
  }
  if (context.input(0).dtype == DType::int32) return bind_one_hot<int32_t>(context);
  return bind_one_hot<int64_t>(context);
}

}  // namespace litesmith::bindings
