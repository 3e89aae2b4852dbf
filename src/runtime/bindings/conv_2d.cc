#include "ops/conv_2d.h"

#include "runtime/bindings/bindings.h"
#include "runtime/bindings/convolution.h"

namespace litesmith::bindings {

Convolution conv_2d_layer(const BindContext& context) {
  const auto& op = context.op<Conv2D>();
  const Shape& input = context.input(0).shape;
  const Shape& filter = context.input(1).shape;
  const Shape& output = context.output().shape;
  return {.layer = Layer::conv,
          .shape = {.batches = input[0],
                    .rows = window(input[1], output[1], filter[1], op.stride_h, op.dilation_h,
                                   op.padding),
                    .columns = window(input[2], output[2], filter[2], op.stride_w, op.dilation_w,
                                      op.padding),
                    .input_channels = input[3],
                    .output_channels = filter[0],
                    .groups = input[3] / filter[3]},
          .activation = op.activation,
          .quantized_bias_type = op.quantized_bias_type};
}

BoundKernel conv_2d(const BindContext& context) {
  return bind_convolution(context, conv_2d_layer(context));
}

}  // namespace litesmith::bindings
