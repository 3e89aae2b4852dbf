// GATHER_ND, SCATTER_ND and DYNAMIC_UPDATE_SLICE.
#include "kernels/tuples.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "kernels/strided_copy.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/elements.h"

namespace litesmith::bindings {
namespace {

kernels::TupleSizes tuple_sizes(const Shape& indexed, const Shape& indices) {
  const auto length = static_cast<size_t>(indices.back());
  return {.count = count_between(indices, 0, indices.size() - 1),
          .sizes = {indexed.begin(), indexed.begin() + indices.back()},
          .slice = count_between(indexed, length, indexed.size())};
}

[[noreturn]] void refuse_tuple(int64_t outside, const std::string& shape) {
  throw Error(ErrorCode::data,
              "the indices at position " + std::to_string(outside) + " lie outside of " + shape);
}

template <class Index>
BoundKernel gather_by(const BindContext& context) {
  const Shape& params = context.input(0).shape;
  return {[tuples = tuple_sizes(params, context.input(1).shape),
           bytes = element_bytes(context, context.input(0)),
           shape = to_string(params)](const StepMemory& memory) {
    const int64_t outside = kernels::gather_tuples(tuples, bytes, memory.inputs[0],
                                                   memory.in<Index>(1), memory.outputs[0]);
    if (outside >= 0) refuse_tuple(outside, shape);
  }};
}

template <class T>
BoundKernel scatter_of(const BindContext& context) {
  const Shape& output = context.output().shape;
  return {[tuples = tuple_sizes(output, context.input(0).shape), count = element_count(output),
           shape = to_string(output)](const StepMemory& memory) {
    T* out = memory.out<T>();
    std::fill_n(out, count, T{});
    const int64_t outside =
        kernels::scatter_tuples(tuples, memory.in<int32_t>(0), memory.in<T>(1), out);
    if (outside >= 0) refuse_tuple(outside, shape);
  }};
}

template <class Index>
BoundKernel update_at(const BindContext& context) {
  const Shape& whole = context.input(0).shape;
  const Shape& part = context.input(1).shape;
  const auto strides = kernels::dense_strides(whole);
  const auto strides_in = kernels::dense_strides(part);
  const size_t bytes = element_bytes(context, context.output());
  std::vector<kernels::LatticeDimension> dimensions;
  std::vector<int64_t> room;
  for (size_t d = 0; d < whole.size(); ++d) {
    dimensions.push_back({part[d], strides_in[d], strides[d]});
    room.push_back(whole[d] - part[d]);
  }
  return {[=, copy = kernels::StridedCopy(bytes, dimensions),
           all = static_cast<size_t>(element_count(whole)) * bytes](const StepMemory& memory) {
    std::copy_n(memory.inputs[0], all, memory.outputs[0]);
    int64_t at = 0;
    for (size_t d = 0; d < room.size(); ++d) {
      const auto start = static_cast<int64_t>(memory.in<Index>(2)[d]);
      at += std::clamp(start, int64_t{0}, room[d]) * strides[d];
    }
    copy(memory.inputs[1], memory.outputs[0] + static_cast<size_t>(at) * bytes);
  }};
}

}  // namespace

BoundKernel gather_nd(const BindContext& context) {
  require_same_type(context, context.input(0));
  switch (context.input(1).dtype) {
    case DType::int32:
      return gather_by<int32_t>(context);
    case DType::int64:
      return gather_by<int64_t>(context);
    case DType::int16:
      return gather_by<int16_t>(context);
    default:
      context.unsupported();
  }
}

BoundKernel scatter_nd(const BindContext& context) {
  switch (context.output().dtype) {
    case DType::float32:
      return scatter_of<float>(context);
    case DType::int8:
      return scatter_of<int8_t>(context);
    case DType::uint8:
      return scatter_of<uint8_t>(context);
    case DType::int32:
      return scatter_of<int32_t>(context);
    case DType::int64:
      return scatter_of<int64_t>(context);
    default:
      context.unsupported();
  }
}

BoundKernel dynamic_update_slice(const BindContext& context) {
  require_same_type(context, context.input(0));
  if (context.input(2).dtype == DType::int32) return update_at<int32_t>(context);
  return update_at<int64_t>(context);
}

}  // namespace litesmith::bindings
