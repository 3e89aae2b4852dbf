#include "runtime/bindings/block_dense.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "kernels/block_dense.h"
#include "runtime/bindings/operands.h"
#include "runtime/bindings/quantization.h"
#include "runtime/xnnpack_takes.h"

namespace litesmith::bindings {
namespace {

using kernels::BlockDense;

// LiteRT has one kernel that knows of blocks, for layers that its 4-bit kernels fit (Prepare in
// kernels/fully_connected.cc). What it runs otherwise finds no scale for the layer and takes 0.
bool scales_are_read(const BindContext& context, const kernels::BlockDenseShape& shape) {
  return !context.by_reference() && shape.rows > 0 && shape.inputs % 2 == 0 && shape.inputs >= 32 &&
         shape.outputs >= 4;
}

BoundKernel bind_zero_scale(const kernels::BlockDenseShape& shape, std::vector<float> bias,
                            FloatRange range) {
  bias.resize(static_cast<size_t>(shape.outputs));
  for (float& each : bias) each = std::min(std::max(each, range.min), range.max);
  return {[bias = std::move(bias), rows = shape.rows](const StepMemory& memory) {
    float* out = memory.out<float>();
    for (int32_t row = 0; row < rows; ++row) out = std::copy(bias.begin(), bias.end(), out);
  }};
}

}  // namespace

BoundKernel bind_block_dense(const BindContext& context, const Convolution& convolution) {
  const Value& filter = context.input(1);
  if (context.input(0).dtype != DType::float32 || context.output().dtype != DType::float32 ||
      filter.dtype != DType::int4) {
    context.unsupported();
  }
  const int32_t block = filter.block_scales->size;
  if (block > BlockDense::kMostInABlock) context.unsupported("its blocks are too long");
  const kernels::BlockDenseShape shape = {.rows = convolution.shape.columns.output,
                                          .inputs = convolution.shape.input_channels,
                                          .outputs = convolution.shape.output_channels,
                                          .block = block};
  const auto bias = constant_operand<float>(context, 2);
  FloatRange range = activation_range(convolution.activation);
  const bool xnnpack = context.arithmetic == Arithmetic::litert && xnnpack_takes(context.node);
  if (!xnnpack && !scales_are_read(context, shape)) {
    return bind_zero_scale(shape, {bias.begin(), bias.end()}, range);
  }
  // LiteRT's own kernel forgets the activation.
  if (!xnnpack) range = activation_range(Activation::none);
  const auto dense = std::make_shared<const BlockDense>(
      kernels::kernel_set(context.isa), shape,
      xnnpack ? BlockDense::Formula::xnnpack : BlockDense::Formula::litert,
      unpacked_integers(filter), block_scales(filter), bias, range.min, range.max);
  return {.run =
              [dense](const StepMemory& memory) {
                dense->run(memory.in<float>(0), memory.out<float>(), memory.scratch);
              },
          .scratch_bytes = dense->scratch_bytes()};
}

}  // namespace litesmith::bindings
