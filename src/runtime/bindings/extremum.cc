// MAXIMUM and MINIMUM: of numbers as they are, whatever their scale.
#include <limits>

#include "kernels/element_kernels.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"

namespace litesmith::bindings {
namespace {

template <class T>
BoundKernel bind_type(const BindContext& context, kernels::Binary op) {
  // Floats are not to be bounded at all.
  using Limits = std::numeric_limits<T>;
  const T least = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
  const T most = Limits::has_infinity ? Limits::infinity() : Limits::max();
  return broadcasting_kernel<T, T, T>(
      broadcast_of(context), [=, binary = kernels::binary_kernel<T>(context.isa)](
                                 const T* first, int64_t step_first, const T* second,
                                 int64_t step_second, T* out, int64_t count) {
        binary(op, least, most, first, step_first, second, step_second, out, count);
      });
}

BoundKernel bind_extremum(const BindContext& context, kernels::Binary op) {
  switch (context.output().dtype) {
    case DType::float32:
      return bind_type<float>(context, op);
    case DType::int8:
      return bind_type<int8_t>(context, op);
    case DType::uint8:
      return bind_type<uint8_t>(context, op);
    case DType::int16:
      return bind_type<int16_t>(context, op);
    case DType::int32:
      return bind_type<int32_t>(context, op);
    case DType::int64:
      return bind_type<int64_t>(context, op);
    default:
      context.unsupported();
  }
}

}  // namespace

BoundKernel maximum(const BindContext& context) {
  return bind_extremum(context, kernels::Binary::maximum);
}

BoundKernel minimum(const BindContext& context) {
  return bind_extremum(context, kernels::Binary::minimum);
}

}  // namespace litesmith::bindings
