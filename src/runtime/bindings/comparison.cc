// EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, and the operators on booleans.
#include <functional>

#include "kernels/fixed_point.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"
#include "runtime/bindings/element_kernel.h"
#include "runtime/bindings/plain_binary.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

// Booleans are bytes of 0 and 1.
template <class T, class Holds>
BoundKernel bind_predicate(const BindContext& context, Holds holds) {
  return broadcasting_kernel<T, T, uint8_t>(
      broadcast_of(context), [holds](const T* first, int64_t step_first, const T* second,
                                     int64_t step_second, uint8_t* out, int64_t count) {
        for (int64_t i = 0; i < count; ++i) {
          out[i] = holds(first[i * step_first], second[i * step_second]) ? 1 : 0;
        }
      });
}

// A quantized number in steps of 1/256, as LiteRT compares them (reference/comparisons.h): numbers
// that differ by less than that are equal.
struct Comparable {
  kernels::Multiplier multiplier;
  int32_t zero_point;

  Comparable(const BindContext& context, const Value& value) {
    const Affine affine = per_tensor(value);
    multiplier = kernels::quantize_multiplier(static_cast<double>(affine.scale));
    zero_point = affine.zero_point;
    if (multiplier.exponent > 0) context.unsupported("scales of 1 or more are not compared");
  }
  int32_t of(int32_t code) const {
    return kernels::DoubleRounding::apply((code - zero_point) * 256, multiplier);
  }
};

template <class T, class Predicate>
BoundKernel bind_quantized(const BindContext& context, Predicate predicate) {
  const Comparable a(context, context.input(0));
  const Comparable b(context, context.input(1));
  return bind_predicate<T>(context,
                           [=](T first, T second) { return predicate(a.of(first), b.of(second)); });
}

// Types beside the numbers that every comparison takes.
struct Takes {
  bool booleans = false;
  bool plain_int16 = false;
  bool quantized_int16 = false;
};

template <class Predicate>
BoundKernel bind(const BindContext& context, Predicate predicate, Takes takes) {
  const Value& value = context.input(0);
  switch (value.dtype) {
    case DType::float32:
      return bind_predicate<float>(context, predicate);
    case DType::int32:
      return bind_predicate<int32_t>(context, predicate);
    case DType::int64:
      return bind_predicate<int64_t>(context, predicate);
    case DType::int8:
      return bind_quantized<int8_t>(context, predicate);
    case DType::uint8:
      return bind_quantized<uint8_t>(context, predicate);
    case DType::int16:
      if (takes.quantized_int16 && is_quantized(value)) {
        return bind_quantized<int16_t>(context, predicate);
      }
      if (takes.plain_int16) return bind_predicate<int16_t>(context, predicate);
      break;
    case DType::boolean:
      if (takes.booleans) return bind_predicate<uint8_t>(context, predicate);
      break;
    default:
      break;
  }
  context.unsupported();
}

// The orders compare the codes of int16 whatever their scales, as LiteRT does.
constexpr Takes kOrder = {.plain_int16 = true};

}  // namespace

BoundKernel equal(const BindContext& context) {
  return bind(context, std::equal_to<>(),
              {.booleans = true, .plain_int16 = true, .quantized_int16 = true});
}

BoundKernel not_equal(const BindContext& context) {
  return bind(context, std::not_equal_to<>(), {.booleans = true, .quantized_int16 = true});
}

BoundKernel less(const BindContext& context) { return bind(context, std::less<>(), kOrder); }

BoundKernel less_equal(const BindContext& context) {
  return bind(context, std::less_equal<>(), kOrder);
}

BoundKernel greater(const BindContext& context) { return bind(context, std::greater<>(), kOrder); }

BoundKernel greater_equal(const BindContext& context) {
  return bind(context, std::greater_equal<>(), kOrder);
}

BoundKernel logical_and(const BindContext& context) {
  return bind_predicate<uint8_t>(context, std::logical_and<>());
}

BoundKernel logical_or(const BindContext& context) {
  return bind_predicate<uint8_t>(context, std::logical_or<>());
}

BoundKernel logical_not(const BindContext& context) {
  return element_kernel<uint8_t, uint8_t>(context,
                                          [](const uint8_t* in, uint8_t* out, int64_t count) {
                                            for (int64_t i = 0; i < count; ++i)
                                              out[i] = in[i] == 0 ? 1 : 0;
                                          });
}

}  // namespace litesmith::bindings
