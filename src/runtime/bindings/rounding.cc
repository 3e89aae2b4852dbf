// FLOOR, CEIL, ROUND, SIGN, SIN and COS: float functions that have no quantized kernels.
#include <cmath>

#include "kernels/trigonometry.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/element_kernel.h"

namespace litesmith::bindings {
namespace {

template <class T, class Function>
BoundKernel map(const BindContext& context, Function function) {
  return element_kernel<T, T>(context, [function](const T* in, T* out, int64_t count) {
    for (int64_t i = 0; i < count; ++i) out[i] = function(in[i]);
  });
}

template <class Function>
BoundKernel map_floats(const BindContext& context, Function function) {
  if (context.input(0).dtype != DType::float32 || context.output().dtype != DType::float32) {
    context.unsupported();
  }
  return map<float>(context, function);
}

template <class T>
T sign_of(T x) {
  return static_cast<T>((x > 0 ? 1 : 0) - (x < 0 ? 1 : 0));
}

// Halves go to even.
float rounded(float x) {
  const float below = std::floor(x);
  const float over = x - below;
  if (over < 0.5f || (over == 0.5f && std::floor(below / 2) * 2 == below)) return below;
  return below + 1;
}

}  // namespace

BoundKernel floor(const BindContext& context) {
  return map_floats(context, [](float x) { return std::floor(x); });
}

BoundKernel ceil(const BindContext& context) {
  return map_floats(context, [](float x) { return std::ceil(x); });
}

BoundKernel round(const BindContext& context) { return map_floats(context, rounded); }

BoundKernel sign(const BindContext& context) {
  if (context.input(0).dtype == DType::int32) return map<int32_t>(context, sign_of<int32_t>);
  return map_floats(context, sign_of<float>);
}

BoundKernel sin(const BindContext& context) { return map_floats(context, kernels::sin_float); }

BoundKernel cos(const BindContext& context) { return map_floats(context, kernels::cos_float); }

}  // namespace litesmith::bindings
