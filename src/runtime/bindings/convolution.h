// What CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED and TRANSPOSE_CONV share: which kernel runs a
// combination of types, and which of LiteRT's formulas each arithmetic stands for (docs/numerics.md
// has the table).
#pragma once

#include <optional>

#include "kernels/conv_shape.h"
#include "kernels/requantization.h"
#include "runtime/binding.h"

namespace litesmith::bindings {

enum class Layer { conv, depthwise, dense, transposed };

struct Convolution {
  Layer layer;
  kernels::ConvShape shape;
  Activation activation = Activation::none;
  bool asymmetric_inputs = false;              // of a hybrid dense layer
  DType quantized_bias_type = DType::float32;  // float32 stands for "the bias's own"
};

// One dimension of a window, from the op's attributes and the value's shapes.
kernels::Window window(int32_t input, int32_t output, int32_t taps, int32_t stride,
                       int32_t dilation, Padding padding);

// How sums of a node's int8 or int16 products become its outputs; the operands are named, since
// not all layers have them in the same order.
kernels::AnyRequantization layer_requantization(const BindContext& context,
                                                const Convolution& convolution, const Value& input,
                                                const Value& filter, const Value* bias);

// The kernel for operands input, filter and optional bias.
BoundKernel bind_convolution(const BindContext& context, const Convolution& convolution);

// The same with a max pool behind it that clamps nothing, `pooled` over the convolution's outputs;
// nothing when the two cannot be one step with the same results.
std::optional<BoundKernel> bind_pooled_convolution(const BindContext& context,
                                                   const Convolution& convolution,
                                                   const kernels::PooledOutputs& pooled);

// What CONV_2D asks for.
Convolution conv_2d_layer(const BindContext& context);

}  // namespace litesmith::bindings
