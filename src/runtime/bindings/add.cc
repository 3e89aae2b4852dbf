// ADD and SUB.
#include "kernels/element_kernels.h"
#include "kernels/int16_sigmoid.h"
#include "ops/binary.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/broadcasting.h"
#include "runtime/bindings/plain_binary.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

template <class T, class Addition, class Loop>
BoundKernel quantized_kernel(const kernels::Broadcast& broadcast, const Addition& addition,
                             Loop add) {
  return broadcasting_kernel<T, T, T>(
      broadcast,
      [=](const T* first, int64_t step_first, const T* second, int64_t step_second, T* out,
          int64_t count) { add(addition, first, step_first, second, step_second, out, count); });
}

// How the optimized ADD of each type rounds, and on what: see the header of quantized_add.h.
template <class T>
void choose_rounding(const kernels::Broadcast& broadcast, kernels::Addition& addition) {
  using kernels::OperandRounding;
  const bool repeats_one = broadcast.advance() != kernels::Advance::both;
  if constexpr (sizeof(T) == 2) {
    if (!broadcast.is_plain()) return;
    addition.rounding = OperandRounding::early;
    addition.group = 16;
  } else {
    if (!broadcast.fits_five_loops()) return;
    const bool early = std::is_signed_v<T> && !repeats_one;
    addition.rounding = early ? OperandRounding::early : OperandRounding::floor;
    addition.group = early ? 16 : 8;
  }
}

template <class T>
BoundKernel bind_xnnpack(const BindContext& context, Activation activation, bool subtract) {
  const auto [scale_first, zero_point_first] = per_tensor(context.input(0));
  const auto [scale_second, zero_point_second] = per_tensor(context.input(1));
  const auto [scale_out, zero_point_out] = per_tensor(context.output());
  auto addition = kernels::prepare_xnnpack_addition(scale_first, zero_point_first, scale_second,
                                                    zero_point_second, subtract ? -1.0f : 1.0f,
                                                    scale_out, zero_point_out);
  const IntegerRange range = xnnpack_activation_range(activation, context.output());
  addition.min = range.min;
  addition.max = range.max;
  return quantized_kernel<T>(broadcast_of(context), addition,
                             kernels::element_kernels(context.isa).codes<T>().add);
}

template <class T>
BoundKernel bind_quantized(const BindContext& context, Activation activation, bool subtract) {
  const auto [scale_first, zero_point_first] = per_tensor(context.input(0));
  const auto [scale_second, zero_point_second] = per_tensor(context.input(1));
  const auto [scale_out, zero_point_out] = per_tensor(context.output());
  auto addition =
      kernels::prepare_addition(scale_first, scale_second, scale_out, sizeof(T) == 2 ? 15 : 20);
  addition.zero_point_first = zero_point_first;
  addition.zero_point_second = zero_point_second;
  addition.zero_point_out = zero_point_out;
  addition.subtract = subtract;
  const IntegerRange range = activation_range(activation, context.output());
  addition.min = range.min;
  addition.max = range.max;
  const kernels::Broadcast broadcast = broadcast_of(context);
  if (!context.by_reference() && !subtract) {
    choose_rounding<T>(broadcast, addition);
  }
  void (*const add)(const kernels::Addition&, const T*, int64_t, const T*, int64_t, T*, int64_t) =
      kernels::add<T>;
  return quantized_kernel<T>(broadcast, addition, add);
}

// int16 tensors whose scales are all powers of two, in ops that say so.
BoundKernel bind_shifted(const BindContext& context, Activation activation, bool subtract) {
  const kernels::Log2 first = kernels::checked_log2(per_tensor(context.input(0)).scale);
  const kernels::Log2 second = kernels::checked_log2(per_tensor(context.input(1)).scale);
  const kernels::Log2 out = kernels::checked_log2(per_tensor(context.output()).scale);
  if (!first.is_power_of_two || !second.is_power_of_two || !out.is_power_of_two) return {};
  const IntegerRange range = activation_range(activation, context.output());
  const kernels::ShiftedAddition addition = {.shift_first = out.exponent - first.exponent,
                                             .shift_second = out.exponent - second.exponent,
                                             .subtract = subtract,
                                             .min = range.min,
                                             .max = range.max};
  const int least = std::min(addition.shift_first, addition.shift_second);
  const int most = std::max(addition.shift_first, addition.shift_second);
  if (least != 0 || most > 31) {
    context.unsupported(
        "with scales that are powers of two, one operand must have the output's "
        "and the other's may not be larger");
  }
  return broadcasting_kernel<int16_t, int16_t, int16_t>(
      broadcast_of(context), [addition](const int16_t* a, int64_t step_a, const int16_t* b,
                                        int64_t step_b, int16_t* result, int64_t count) {
        kernels::add_shifted(addition, a, step_a, b, step_b, result, count);
      });
}

BoundKernel bind_sum(const BindContext& context, kernels::Binary op, Activation activation,
                     bool pot_scale_int16) {
  const bool subtract = op == kernels::Binary::subtract;
  BoundKernel plain = plain_binary(context, op, activation, true, !subtract);
  if (plain.run) return plain;
  switch (context.output().dtype) {
    case DType::int8:
      if (runs_on_xnnpack(context)) return bind_xnnpack<int8_t>(context, activation, subtract);
      return bind_quantized<int8_t>(context, activation, subtract);
    case DType::uint8:
      if (runs_on_xnnpack(context)) return bind_xnnpack<uint8_t>(context, activation, subtract);
      return bind_quantized<uint8_t>(context, activation, subtract);
    case DType::int16:
      for (const Value* value : {&context.input(0), &context.input(1), &context.output()}) {
        if (per_tensor(*value).zero_point != 0) context.unsupported("int16 zero points must be 0");
      }
      if (pot_scale_int16) {
        BoundKernel shifted = bind_shifted(context, activation, subtract);
        if (shifted.run) return shifted;
      }
      return bind_quantized<int16_t>(context, activation, subtract);
    default:
      context.unsupported();
  }
}

}  // namespace

BoundKernel add(const BindContext& context) {
  const auto& op = context.op<Add>();
  return bind_sum(context, kernels::Binary::add, op.activation, op.pot_scale_int16);
}

BoundKernel sub(const BindContext& context) {
  const auto& op = context.op<Sub>();
  return bind_sum(context, kernels::Binary::subtract, op.activation, op.pot_scale_int16);
}

}  // namespace litesmith::bindings
