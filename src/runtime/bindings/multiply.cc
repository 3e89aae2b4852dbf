// MUL, DIV and SQUARED_DIFFERENCE.
#include "kernels/element_kernels.h"
#include "ops/binary.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"
#include "runtime/bindings/plain_binary.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

void fill(const BindContext& context, const IntegerRange& range, kernels::Product& product) {
  product.zero_point_first = per_tensor(context.input(0)).zero_point;
  product.zero_point_second = per_tensor(context.input(1)).zero_point;
  product.zero_point_out = per_tensor(context.output()).zero_point;
  product.min = range.min;
  product.max = range.max;
}

template <class T>
BoundKernel bind_xnnpack_product(const BindContext& context, Activation activation) {
  kernels::XnnpackMultiplication product;
  fill(context, xnnpack_activation_range(activation, context.output()), product);
  product.scale = per_tensor(context.input(0)).scale * per_tensor(context.input(1)).scale /
                  per_tensor(context.output()).scale;
  return broadcasting_kernel<T, T, T>(
      broadcast_of(context),
      [product, multiply = kernels::element_kernels(context.isa).codes<T>().multiply](
          const T* a, int64_t step_a, const T* b, int64_t step_b, T* out, int64_t count) {
        multiply(product, a, step_a, b, step_b, out, count);
      });
}

// What the optimized kernels narrow a product to. uint8 and int8 differ when one operand repeats.
template <class T>
void choose_narrowing(const kernels::Broadcast& broadcast, kernels::Multiplication& product) {
  if (sizeof(T) != 1 || !broadcast.fits_five_loops()) return;
  const bool repeats_one = broadcast.advance() != kernels::Advance::both;
  product.narrowing = std::is_unsigned_v<T> && repeats_one ? kernels::Narrowing::wraps
                                                           : kernels::Narrowing::saturates;
  product.group = std::is_unsigned_v<T> ? 8 : 16;
}

template <class T>
BoundKernel bind_product(const BindContext& context, Activation activation) {
  const kernels::Broadcast broadcast = broadcast_of(context);
  kernels::Multiplication product;
  fill(context, activation_range(activation, context.output()), product);
  const float scale_first = per_tensor(context.input(0)).scale;
  const float scale_second = per_tensor(context.input(1)).scale;
  const float scale_out = per_tensor(context.output()).scale;
  // TFLite Micro multiplies scales in double.
  product.multiplier = kernels::quantize_multiplier(
      context.arithmetic == Arithmetic::tflm
          ? double{scale_first} * double{scale_second} / double{scale_out}
          : double{scale_first * scale_second / scale_out});
  if (!context.by_reference()) choose_narrowing<T>(broadcast, product);
  return broadcasting_kernel<T, T, T>(broadcast, [product](const T* a, int64_t step_a, const T* b,
                                                           int64_t step_b, T* out, int64_t count) {
    kernels::multiply(product, a, step_a, b, step_b, out, count);
  });
}

template <class T>
BoundKernel bind_quotient(const BindContext& context, Activation activation) {
  kernels::Division division;
  fill(context, activation_range(activation, context.output()), division);
  const float scale = per_tensor(context.input(0)).scale /
                      (per_tensor(context.input(1)).scale * per_tensor(context.output()).scale);
  division.multiplier = kernels::quantize_multiplier(scale);
  return broadcasting_kernel<T, T, T>(
      broadcast_of(context),
      [division](const T* a, int64_t step_a, const T* b, int64_t step_b, T* out, int64_t count) {
        kernels::divide(division, a, step_a, b, step_b, out, count);
      });
}

}  // namespace

BoundKernel mul(const BindContext& context) {
  const Activation activation = context.op<Mul>().activation;
  BoundKernel plain = plain_binary(context, kernels::Binary::multiply, activation, true, true);
  if (plain.run) return plain;
  return with_quantized_type(context, context.output().dtype, [&]<class T>(T) {
    if constexpr (sizeof(T) == 1) {
      if (runs_on_xnnpack(context)) return bind_xnnpack_product<T>(context, activation);
    } else {
      for (const Value* value : {&context.input(0), &context.input(1), &context.output()}) {
        if (per_tensor(*value).zero_point != 0) context.unsupported("int16 zero points must be 0");
      }
    }
    return bind_product<T>(context, activation);
  });
}

BoundKernel div(const BindContext& context) {
  const Activation activation = context.op<Div>().activation;
  BoundKernel plain = plain_binary(context, kernels::Binary::divide, activation, false, false);
  if (plain.run) return plain;
  return with_quantized_type(context, context.output().dtype,
                             [&]<class T>(T) { return bind_quotient<T>(context, activation); });
}

BoundKernel squared_difference(const BindContext& context) {
  BoundKernel plain =
      plain_binary(context, kernels::Binary::squared_difference, Activation::none, false, false);
  if (plain.run) return plain;
  if (context.output().dtype != DType::int8) context.unsupported();
  auto differences = kernels::prepare_squared_differences(per_tensor(context.input(0)).scale,
                                                          per_tensor(context.input(1)).scale,
                                                          per_tensor(context.output()).scale);
  fill(context, range_of(DType::int8), differences);
  return broadcasting_kernel<int8_t, int8_t, int8_t>(
      broadcast_of(context), [differences](const int8_t* a, int64_t step_a, const int8_t* b,
                                           int64_t step_b, int8_t* out, int64_t count) {
        kernels::squared_difference(differences, a, step_a, b, step_b, out, count);
      });
}

}  // namespace litesmith::bindings
