#include "runtime/bindings/plain_binary.h"

#include <cmath>
#include <limits>

#include "kernels/element_kernels.h"
#include "runtime/bindings/broadcasting.h"

namespace litesmith::bindings {
namespace {

// A bound of a fused activation as T. LiteRT's own kernels have no infinite ones: without an
// activation they clamp floats to the largest finite numbers, XNNPACK does not.
template <class T>
T bound(const BindContext& context, float real) {
  if constexpr (std::is_same_v<T, float>) {
    if (runs_on_xnnpack(context)) return real;
  }
  if (std::isinf(real)) {
    return real < 0 ? std::numeric_limits<T>::lowest() : std::numeric_limits<T>::max();
  }
  return static_cast<T>(real);
}

template <class T>
BoundKernel bind(const BindContext& context, kernels::Binary op, Activation activation) {
  const FloatRange range = activation_range(activation);
  const T min = bound<T>(context, range.min);
  const T max = bound<T>(context, range.max);
  return broadcasting_kernel<T, T, T>(
      broadcast_of(context), [=, binary = kernels::binary_kernel<T>(context.isa)](
                                 const T* first, int64_t step_first, const T* second,
                                 int64_t step_second, T* out, int64_t count) {
        binary(op, min, max, first, step_first, second, step_second, out, count);
      });
}

}  // namespace

BoundKernel plain_binary(const BindContext& context, kernels::Binary op, Activation activation,
                         bool takes_int64, bool takes_int16) {
  switch (context.output().dtype) {
    case DType::float32:
      return bind<float>(context, op, activation);
    case DType::int32:
      return bind<int32_t>(context, op, activation);
    case DType::int64:
      if (takes_int64) return bind<int64_t>(context, op, activation);
      break;
    case DType::int16:
      if (takes_int16 && !is_quantized(context.output())) {
        return bind<int16_t>(context, op, activation);
      }
      break;
    default:
      break;
  }
  return {};
}

bool is_quantized(const Value& value) { return value.quantization.present(); }

}  // namespace litesmith::bindings
