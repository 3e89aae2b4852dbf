// FLOOR_MOD and FLOOR_DIV (LiteRT kernels/floor_mod.cc, floor_div.cc), and ATAN2.
#include <cmath>
#include <type_traits>

#include "base/error.h"
#include "ops/atan2.h"
#include "ops/floor_mod.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"

namespace litesmith::bindings {
namespace {

template <class T>
T floor_mod_of(T a, T b) {
  T rest;
  if constexpr (std::is_floating_point_v<T>) {
    rest = std::fmod(a, b);
  } else {
    rest = b == -1 ? T{0} : static_cast<T>(a % b);  // the lowest number over -1 would overflow
  }
  return rest != 0 && (b < 0) != (rest < 0) ? static_cast<T>(rest + b) : rest;
}

// In double, as LiteRT does; what leaves the type wraps.
template <class T>
T floor_div_of(T a, T b) {
  const double quotient = std::floor(static_cast<double>(a) / static_cast<double>(b));
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(quotient);
  } else {
    return static_cast<T>(static_cast<int64_t>(quotient));
  }
}

template <class T>
BoundKernel bind_floor_div(const BindContext& context) {
  return broadcasting_kernel<T, T, T>(broadcast_of(context),
                                      [](const T* first, int64_t step_first, const T* second,
                                         int64_t step_second, T* out, int64_t count) {
                                        for (int64_t i = 0; i < count; ++i) {
                                          const T divisor = second[i * step_second];
                                          if (divisor == 0)
                                            throw Error(ErrorCode::data, "a division by zero");
                                          out[i] = floor_div_of(first[i * step_first], divisor);
                                        }
                                      });
}

template <class T>
BoundKernel bind_floor_mod(const BindContext& context) {
  return broadcasting_kernel<T, T, T>(broadcast_of(context),
                                      [](const T* first, int64_t step_first, const T* second,
                                         int64_t step_second, T* out, int64_t count) {
                                        for (int64_t i = 0; i < count; ++i) {
                                          const T divisor = second[i * step_second];
                                          if (!std::is_floating_point_v<T> && divisor == 0) {
                                            throw Error(ErrorCode::data, "a division by zero");
                                          }
                                          out[i] = floor_mod_of(first[i * step_first], divisor);
                                        }
                                      });
}

}  // namespace

BoundKernel floor_mod(const BindContext& context) {
  switch (context.output().dtype) {
    case DType::float32:
      return bind_floor_mod<float>(context);
    case DType::int8:
      return bind_floor_mod<int8_t>(context);
    case DType::int16:
      return bind_floor_mod<int16_t>(context);
    case DType::int32:
      return bind_floor_mod<int32_t>(context);
    case DType::int64:
      return bind_floor_mod<int64_t>(context);
    default:
      context.unsupported();
  }
}

BoundKernel floor_div(const BindContext& context) {
  switch (context.output().dtype) {
    case DType::float32:
      return bind_floor_div<float>(context);
    case DType::int8:
      return bind_floor_div<int8_t>(context);
    case DType::int16:
      return bind_floor_div<int16_t>(context);
    case DType::int32:
      return bind_floor_div<int32_t>(context);
    default:
      context.unsupported();
  }
}

// The C library's in double, rounded: one float wherever libraries differ by less than a
// billionth.
BoundKernel atan2(const BindContext& context) {
  if (context.output().dtype != DType::float32) context.unsupported();
  const int64_t count = element_count(context.output().shape);
  return {[count](const StepMemory& memory) {
    for (int64_t i = 0; i < count; ++i) {
      memory.out<float>()[i] = static_cast<float>(
          std::atan2(double{memory.in<float>(0)[i]}, double{memory.in<float>(1)[i]}));
    }
  }};
}

}  // namespace litesmith::bindings
