// SVDF (LiteRT kernels/svdf.cc).
#include <limits>
#include <memory>

#include "kernels/kernel_set.h"
#include "kernels/svdf.h"
#include "ops/svdf.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/operands.h"
#include "runtime/bindings/quantization.h"

namespace litesmith::bindings {
namespace {

template <class State>
BoundKernel bind_integer(const BindContext& context, const kernels::SvdfShape& shape) {
  // Whatever the op says: the output's own range is all that keeps it from below.
  if (context.op<Svdf>().activation != Activation::relu) {
    context.unsupported("an int8 one has the activation RELU");
  }
  const Affine state = per_tensor(context.input(4));
  if (sizeof(State) == 2 && state.zero_point != 0) context.unsupported("a state above zero");
  kernels::IntegerSvdf<State> kernel{.shape = shape,
                                     .feature = constant_operand<int8_t>(context, 1),
                                     .time = constant_operand<State>(context, 2),
                                     .bias = constant_operand<int32_t>(context, 3),
                                     .input_zero_point = per_tensor(context.input(0)).zero_point,
                                     .state_zero_point = state.zero_point,
                                     .output_zero_point = 0,
                                     .to_state = {},
                                     .to_output = {}};
  // Products and quotients of the scales are taken in float.
  kernel.to_state = kernels::quantize_multiplier(per_tensor(context.input(0)).scale *
                                                 per_tensor(context.input(1)).scale / state.scale);
  kernel.to_output = kernels::quantize_multiplier(state.scale * per_tensor(context.input(2)).scale /
                                                  per_tensor(context.output()).scale);
  kernel.output_zero_point = per_tensor(context.output()).zero_point;
  return {[kernel](const StepMemory& memory) {
    kernel.run(memory.in<int8_t>(0), variable_operand<State>(memory, 4), memory.out<int8_t>());
  }};
}

}  // namespace

BoundKernel svdf(const BindContext& context) {
  const auto& op = context.op<Svdf>();
  const Shape& feature = context.input(1).shape;
  const kernels::SvdfShape shape = {.batch = context.input(0).shape[0],
                                    .inputs = feature[1],
                                    .filters = feature[0],
                                    .memory = context.input(2).shape[1],
                                    .rank = op.rank};
  if (shape.batch < 1 || shape.inputs < 1) context.unsupported("nothing to filter");
  if (context.input(0).dtype == DType::int8) {
    const DType state = context.input(4).dtype;
    if (state == DType::int16) return bind_integer<int16_t>(context, shape);
    // LiteRT's kernel takes these for int16 and reads beyond their end.
    if (state != DType::int8 || context.arithmetic != Arithmetic::tflm) context.unsupported();
    return bind_integer<int8_t>(context, shape);
  }
  if (context.input(0).dtype != DType::float32 || context.input(4).dtype != DType::float32) {
    context.unsupported();
  }
  const auto [min, max] = activation_range(op.activation);
  const auto bias = constant_operand<float>(context, 3);
  std::shared_ptr<const kernels::FloatSvdf> kernel;
  if (context.input(1).dtype == DType::float32) {
    const auto time = constant_operand<float>(context, 2);
    kernel = std::make_shared<const kernels::FloatSvdf>(
        kernels::kernel_set(context.isa), shape, constant_operand<float>(context, 1),
        std::vector<float>(time.begin(), time.end()), bias, min, max);
  } else {
    kernel = std::make_shared<const kernels::FloatSvdf>(
        shape, constant_operand<int8_t>(context, 1), per_tensor(context.input(1)).scale,
        op.asymmetric_quantize_inputs ? kernels::DynamicScheme::asymmetric
                                      : kernels::DynamicScheme::symmetric,
        real_operand(context, 2), bias, min, max);
  }
  return {[kernel](const StepMemory& memory) {
            kernel->run(memory.in<float>(0), variable_operand<float>(memory, 4),
                        memory.out<float>(), memory.scratch);
          },
          kernel->scratch_bytes()};
}

}  // namespace litesmith::bindings
