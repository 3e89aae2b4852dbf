// CAST: element type by element type.
#include "base/half.h"
#include "kernels/convert.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/element_kernel.h"

namespace litesmith::bindings {
namespace {

// A half, told from uint16 by its type.
struct Half {
  uint16_t bits;
};

// A boolean as files and callers give it: everything but 0 is true.
struct Truth {
  uint8_t byte;
};

template <class T>
auto widened(T x) {
  if constexpr (std::is_same_v<T, Half>) {
    return half_to_float(x.bits);
  } else if constexpr (std::is_same_v<T, Truth>) {
    return static_cast<uint8_t>(x.byte != 0);
  } else {
    return x;
  }
}

template <class To, class From>
To convert(From from) {
  const auto x = widened(from);
  if constexpr (std::is_same_v<To, Half>) {
    return {float_to_half(static_cast<float>(x))};
  } else if constexpr (std::is_same_v<To, Truth>) {
    return {static_cast<uint8_t>(x != 0)};
  } else if constexpr (std::is_floating_point_v<decltype(x)> && std::is_integral_v<To>) {
    return kernels::saturating_cast<To>(x, std::numeric_limits<To>::max());
  } else {
    return static_cast<To>(x);
  }
}

// Calls body(T{}) with a value of the C++ type of a dtype.
template <class Body>
BoundKernel with_type(const BindContext& context, DType dtype, Body&& body) {
  switch (dtype) {
    case DType::float32:
      return body(float{});
    case DType::float64:
      return body(double{});
    case DType::float16:
      return body(Half{});
    case DType::int8:
      return body(int8_t{});
    case DType::uint8:
      return body(uint8_t{});
    case DType::int16:
      return body(int16_t{});
    case DType::uint16:
      return body(uint16_t{});
    case DType::int32:
      return body(int32_t{});
    case DType::uint32:
      return body(uint32_t{});
    case DType::int64:
      return body(int64_t{});
    case DType::boolean:
      return body(Truth{});
    default:
      context.unsupported();
  }
}

}  // namespace

BoundKernel cast(const BindContext& context) {
  return with_type(context, context.input(0).dtype, [&]<class From>(From) {
    return with_type(context, context.output().dtype, [&]<class To>(To) {
      return element_kernel<From, To>(context, [](const From* in, To* out, int64_t count) {
        for (int64_t i = 0; i < count; ++i) out[i] = convert<To>(in[i]);
      });
    });
  });
}

}  // namespace litesmith::bindings
