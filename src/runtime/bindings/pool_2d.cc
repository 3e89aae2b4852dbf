#include "ops/pool_2d.h"

#include <memory>

#include "kernels/pooling.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/convolution.h"
#include "runtime/bindings/quantization.h"
#include "runtime/xnnpack_takes.h"

namespace litesmith::bindings {
namespace {

template <class T>
BoundKernel keep(const BindContext& context, kernels::Pooling pooling,
                 const kernels::ConvShape& shape, T min, T max) {
  auto pool = std::make_shared<const kernels::Pool<T>>(kernels::kernel_set(context.isa), pooling,
                                                       shape, min, max);
  return {.run = [pool](const StepMemory& memory) { pool->run(memory.in<T>(0), memory.out<T>()); }};
}

template <class T>
BoundKernel keep_integer(const BindContext& context, kernels::Pooling pooling,
                         const kernels::ConvShape& shape, Activation activation) {
  const bool xnnpack = context.arithmetic == Arithmetic::litert && xnnpack_takes(context.node);
  const IntegerRange range = xnnpack ? xnnpack_activation_range(activation, context.output())
                                     : activation_range(activation, context.output());
  return keep<T>(context, pooling, shape, static_cast<T>(range.min), static_cast<T>(range.max));
}

// LiteRT pools the integers as they are: input and output are taken to have the same scale.
BoundKernel bind_pool(const BindContext& context, const Pool2D& op, kernels::Pooling pooling) {
  const Shape& input = context.input(0).shape;
  const Shape& output = context.output().shape;
  const kernels::ConvShape shape{
      .batches = input[0],
      .rows = window(input[1], output[1], op.filter_height, op.stride_h, 1, op.padding),
      .columns = window(input[2], output[2], op.filter_width, op.stride_w, 1, op.padding),
      .input_channels = input[3],
      .output_channels = input[3]};
  if (context.output().dtype != context.input(0).dtype) context.unsupported();
  switch (context.input(0).dtype) {
    case DType::float32: {
      const FloatRange range = activation_range(op.activation);
      return keep<float>(context, pooling, shape, range.min, range.max);
    }
    case DType::int8:
      return keep_integer<int8_t>(context, pooling, shape, op.activation);
    case DType::uint8:
      return keep_integer<uint8_t>(context, pooling, shape, op.activation);
    case DType::int16:
      return keep_integer<int16_t>(context, pooling, shape, op.activation);
    default:
      context.unsupported();
  }
}

}  // namespace

BoundKernel average_pool_2d(const BindContext& context) {
  return bind_pool(context, context.op<AveragePool2D>(), kernels::Pooling::average);
}

BoundKernel max_pool_2d(const BindContext& context) {
  return bind_pool(context, context.op<MaxPool2D>(), kernels::Pooling::max);
}

}  // namespace litesmith::bindings
