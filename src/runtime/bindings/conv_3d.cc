#include "ops/conv_3d.h"

#include "kernels/convolution_3d.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/convolution.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {

BoundKernel conv_3d(const BindContext& context) {
  const auto& op = context.op<Conv3D>();
  const Value& input = context.input(0);
  const Value& filter = context.input(1);
  const Value* bias = context.optional_input(2);
  if (input.dtype != DType::float32 || filter.dtype != DType::float32 ||
      (bias != nullptr && bias->dtype != DType::float32)) {
    context.unsupported();
  }
  const Shape& output = context.output().shape;
  auto slid = [&](size_t axis, int32_t stride, int32_t dilation) {
    return window(input.shape[axis], output[axis], filter.shape[axis - 1], stride, dilation,
                  op.padding);
  };
  const kernels::Convolution3DShape shape = {.batches = input.shape[0],
                                             .depth = slid(1, op.stride_d, op.dilation_d),
                                             .rows = slid(2, op.stride_h, op.dilation_h),
                                             .columns = slid(3, op.stride_w, op.dilation_w),
                                             .input_channels = input.shape[4],
                                             .output_channels = output[4]};
  return {[shape, range = activation_range(op.activation), has_bias = bias != nullptr,
           multiply_add = kernels::float_multiply_add(context.isa)](const StepMemory& memory) {
    kernels::convolve_3d(shape, memory.in<float>(0), memory.in<float>(1),
                         has_bias ? memory.in<float>(2) : nullptr, range.min, range.max,
                         multiply_add, memory.out<float>());
  }};
}

}  // namespace litesmith::bindings
