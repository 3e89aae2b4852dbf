#include "ops/conv_3d.h"

#include "kernels/convolution_3d.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/convolution.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {

namespace {

void require_floats(const BindContext& context) {
  for (const Value* operand : {&context.input(1), &context.output()}) {
    if (operand->dtype != DType::float32) context.unsupported();
  }
}

// What an operand is for a layer that has no bias.
const Value* float_bias(const BindContext& context, size_t operand) {
  const Value* bias = context.optional_input(operand);
  if (bias != nullptr && bias->dtype != DType::float32) context.unsupported();
  return bias;
}

// A window that slides over `input` and makes `output`, both [n, d, h, w, c].
kernels::Convolution3DShape convolution(const Window3D& op, const Shape& input, const Shape& filter,
                                        const Shape& output) {
  auto slid = [&](size_t axis, int32_t stride, int32_t dilation) {
    return window(input[axis], output[axis], filter[axis - 1], stride, dilation, op.padding);
  };
  return {.batches = input[0],
          .depth = slid(1, op.stride_d, op.dilation_d),
          .rows = slid(2, op.stride_h, op.dilation_h),
          .columns = slid(3, op.stride_w, op.dilation_w),
          .input_channels = input[4],
          .output_channels = output[4]};
}

}  // namespace

BoundKernel conv_3d(const BindContext& context) {
  const auto& op = context.op<Conv3D>();
  require_floats(context);
  const bool has_bias = float_bias(context, 2) != nullptr;
  return {[shape = convolution(op, context.input(0).shape, context.input(1).shape,
                               context.output().shape),
           range = activation_range(op.activation), has_bias,
           multiply_add = kernels::float_multiply_add(context.isa)](const StepMemory& memory) {
    kernels::convolve_3d(shape, memory.in<float>(0), memory.in<float>(1),
                         has_bias ? memory.in<float>(2) : nullptr, range.min, range.max,
                         multiply_add, memory.out<float>());
  }};
}

BoundKernel conv_3d_transpose(const BindContext& context) {
  const auto& op = context.op<Conv3DTranspose>();
  require_floats(context);
  const bool has_bias = float_bias(context, 3) != nullptr;
  const Shape& filter = context.input(1).shape;
  const auto shape = convolution(op, context.output().shape, filter, context.input(2).shape);
  const auto taps = element_count(Shape(filter.begin(), filter.begin() + 3));
  // The kernel reads the filter with what is made last.
  return {.run =
              [shape, taps, range = activation_range(op.activation), has_bias,
               multiply_add = kernels::float_multiply_add(context.isa)](const StepMemory& memory) {
                auto* const turned = reinterpret_cast<float*>(memory.scratch);
                const int64_t size = int64_t{shape.input_channels} * shape.output_channels;
                for (int64_t tap = 0; tap < taps; ++tap) {
                  kernels::transpose(memory.in<float>(1) + tap * size, shape.input_channels,
                                     shape.output_channels, turned + tap * size);
                }
                kernels::transpose_convolve_3d(shape, memory.in<float>(2), turned,
                                               has_bias ? memory.in<float>(3) : nullptr, range.min,
                                               range.max, multiply_add, memory.out<float>());
              },
          .scratch_bytes = static_cast<size_t>(element_count(filter)) * sizeof(float)};
}

}  // namespace litesmith::bindings
