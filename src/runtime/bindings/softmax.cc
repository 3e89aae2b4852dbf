// SOFTMAX and LOG_SOFTMAX.
#include "kernels/element_kernels.h"

#include <cmath>

#include "ops/softmax.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

kernels::Rows rows_of(const BindContext& context) {
  const Shape& shape = context.input(0).shape;
  const int64_t length = shape.back();
  return {length == 0 ? 0 : element_count(shape) / length, length};
}

template <class T, class Out = T, class Parameters>
BoundKernel softmax_kernel(kernels::Rows rows, const Parameters& parameters) {
  return {[=](const StepMemory& memory) {
    kernels::softmax(rows, parameters, memory.in<T>(0), memory.out<Out>());
  }};
}

template <class T, class Parameters>
BoundKernel log_softmax_kernel(kernels::Rows rows, const Parameters& parameters) {
  return {[=](const StepMemory& memory) {
    kernels::log_softmax(rows, parameters, memory.in<T>(0), memory.out<T>());
  }};
}

bool close_to(float scale, float wanted) { return std::fabs(scale - wanted) <= 0.001f * wanted; }

template <class T, class Out = T>
BoundKernel bind_8_bit_softmax(const BindContext& context, float beta) {
  const Affine in = per_tensor(context.input(0));
  const Affine out = per_tensor(context.output());
  if (context.by_reference()) {
    return softmax_kernel<T, Out>(rows_of(context), kernels::prepare_fixed_softmax(beta, in.scale));
  }
  return softmax_kernel<T, Out>(
      rows_of(context), kernels::prepare_table_softmax(beta, in.scale, out.scale, out.zero_point));
}

template <class T>
BoundKernel bind_8_bit_log_softmax(const BindContext& context) {
  const Affine in = per_tensor(context.input(0));
  const Affine out = per_tensor(context.output());
  if (out.scale != 16.0f / 256 || out.zero_point != range_of(context.output().dtype).max) {
    context.unsupported("the output needs the scale 16/256 and the largest zero point");
  }
  if (context.by_reference()) {
    return log_softmax_kernel<T>(rows_of(context), kernels::prepare_fixed_log_softmax(in.scale));
  }
  return log_softmax_kernel<T>(
      rows_of(context), kernels::prepare_table_softmax(1.0f, in.scale, out.scale, out.zero_point));
}

}  // namespace

BoundKernel softmax(const BindContext& context) {
  const float beta = context.op<Softmax>().beta;
  const DType dtype = context.output().dtype;
  if (context.input(0).dtype == DType::int8 && dtype == DType::int16) {
    return bind_8_bit_softmax<int8_t, int16_t>(context, beta);
  }
  if (context.input(0).dtype != dtype) context.unsupported();
  if (dtype == DType::float32) {
    return {[rows = rows_of(context), beta,
             softmax = kernels::element_kernels(context.isa).softmax](const StepMemory& memory) {
      softmax(rows, beta, memory.in<float>(0), memory.out<float>());
    }};
  }
  if (dtype == DType::int16) {
    const Affine output = per_tensor(context.output());
    if (output.zero_point != 0 || !close_to(output.scale, 1.0f / 32768) ||
        per_tensor(context.input(0)).zero_point != 0) {
      context.unsupported("int16 needs zero points of 0 and the output scale 1/32768");
    }
    return softmax_kernel<int16_t>(
        rows_of(context), kernels::prepare_int16_softmax(beta, per_tensor(context.input(0)).scale));
  }
  if (dtype == DType::int8) {
    const Affine output = per_tensor(context.output());
    if (output.zero_point != -128 || !close_to(output.scale, 1.0f / 256)) {
      context.unsupported("an int8 output needs the scale 1/256 and the zero point -128");
    }
    return bind_8_bit_softmax<int8_t>(context, beta);
  }
  if (dtype == DType::uint8) {
    return bind_8_bit_softmax<uint8_t>(context, beta);
  }
  context.unsupported();
}

BoundKernel log_softmax(const BindContext& context) {
  if (context.input(0).dtype != context.output().dtype) context.unsupported();
  const kernels::Rows rows = rows_of(context);
  switch (context.input(0).dtype) {
    case DType::float32:
      return {[rows, log_softmax = kernels::element_kernels(context.isa).log_softmax](
                  const StepMemory& memory) {
        log_softmax(rows, memory.in<float>(0), memory.out<float>());
      }};
    case DType::int8:
      return bind_8_bit_log_softmax<int8_t>(context);
    case DType::uint8:
      return bind_8_bit_log_softmax<uint8_t>(context);
    default:
      context.unsupported();
  }
}

}  // namespace litesmith::bindings
