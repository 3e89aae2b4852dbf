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

kernels::BlockDenseShape shape_of(const Convolution& convolution, int32_t block) {
  return {.rows = convolution.shape.columns.output,
          .inputs = convolution.shape.input_channels,
          .outputs = convolution.shape.output_channels,
          .block = block};
}

// Layers that LiteRT's 4-bit kernels fit (Prepare in kernels/fully_connected.cc).
bool fits_4_bit_kernels(const BindContext& context, const kernels::BlockDenseShape& shape) {
  return !context.by_reference() && shape.rows > 0 && shape.inputs % 2 == 0 && shape.inputs >= 32 &&
         shape.outputs >= 4;
}

BoundKernel bound(const BindContext& context, const kernels::BlockDenseShape& shape,
                  BlockDense::Formula formula, std::span<const float> scales, FloatRange range) {
  const auto dense = std::make_shared<const BlockDense>(
      kernels::kernel_set(context.isa), shape, formula, unpacked_integers(context.input(1)), scales,
      constant_operand<float>(context, 2), range.min, range.max);
  return {.run =
              [dense](const StepMemory& memory) {
                dense->run(memory.in<float>(0), memory.out<float>(), memory.scratch);
              },
          .scratch_bytes = dense->scratch_bytes()};
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
  const kernels::BlockDenseShape shape = shape_of(convolution, block);
  FloatRange range = activation_range(convolution.activation);
  const bool xnnpack = context.arithmetic == Arithmetic::litert && xnnpack_takes(context.node);
  // The other kernel knows no blocks: it finds no scale for the layer and takes 0.
  if (!xnnpack && !fits_4_bit_kernels(context, shape)) {
    const auto bias = constant_operand<float>(context, 2);
    return bind_zero_scale(shape, {bias.begin(), bias.end()}, range);
  }
  // LiteRT's own kernel forgets the activation.
  if (!xnnpack) range = activation_range(Activation::none);
  const auto formula = xnnpack ? BlockDense::Formula::xnnpack : BlockDense::Formula::litert;
  return bound(context, shape, formula, block_scales(filter), range);
}

bool is_4_bit_dense(const BindContext& context, const Convolution& convolution) {
  return context.input(0).dtype == DType::float32 && context.input(1).dtype == DType::int4 &&
         context.input(1).is_constant() &&
         fits_4_bit_kernels(context, shape_of(convolution, convolution.shape.input_channels)) &&
         !(context.arithmetic == Arithmetic::litert && xnnpack_takes(context.node));
}

BoundKernel bind_4_bit_dense(const BindContext& context, const Convolution& convolution) {
  if (context.output().dtype != DType::float32) context.unsupported();
  const kernels::BlockDenseShape shape = shape_of(convolution, convolution.shape.input_channels);
  if (shape.inputs > BlockDense::kMostInARow) context.unsupported("its rows are too long");
  return bound(context, shape, BlockDense::Formula::litert_one_block,
               channel_scales(context.input(1), shape.outputs, 0),
               activation_range(convolution.activation));
}

}  // namespace litesmith::bindings
