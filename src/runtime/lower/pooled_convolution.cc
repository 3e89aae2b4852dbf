#include "runtime/lower/pooled_convolution.h"

#include "kernels/conv_shape.h"
#include "ops/pool_2d.h"
#include "runtime/bindings/convolution.h"

namespace litesmith::lower {

std::optional<BoundKernel> pooled_convolution(const BindContext& convolution,
                                              const BindContext& pool) {
  const auto& op = pool.op<MaxPool2D>();
  const Shape& input = pool.input(0).shape;
  const Shape& output = pool.output().shape;
  if (op.activation != Activation::none || pool.output().dtype != pool.input(0).dtype) {
    return std::nullopt;
  }
  // Where windows overlap, sums would be computed again; where one reaches into padding, its size
  // changes.
  if (op.stride_h < op.filter_height || op.stride_w < op.filter_width) return std::nullopt;
  const kernels::Window rows =
      bindings::window(input[1], output[1], op.filter_height, op.stride_h, 1, op.padding);
  const kernels::Window columns =
      bindings::window(input[2], output[2], op.filter_width, op.stride_w, 1, op.padding);
  for (const kernels::Window& window : {rows, columns}) {
    if (window.output < 1 || window.padding_before > 0 ||
        window.inside(window.output - 1).count() != window.taps) {
      return std::nullopt;
    }
  }
  return bindings::bind_pooled_convolution(convolution, bindings::conv_2d_layer(convolution),
                                           {.output_rows = output[1],
                                            .output_columns = output[2],
                                            .rows = op.filter_height,
                                            .columns = op.filter_width,
                                            .row_stride = op.stride_h,
                                            .column_stride = op.stride_w});
}

}  // namespace litesmith::lower
