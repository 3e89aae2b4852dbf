#include "ops/fully_connected.h"

#include "base/error.h"
#include "runtime/bindings/bindings.h"
#include "runtime/bindings/block_dense.h"
#include "runtime/bindings/convolution.h"

namespace litesmith::bindings {

BoundKernel fully_connected(const BindContext& context) {
  const auto& op = context.op<FullyConnected>();
  const Shape& weights = context.input(1).shape;
  if (op.weights_format != WeightsFormat::standard) context.unsupported("shuffled weights");
  if (weights[1] == 0) context.unsupported("weights of no inputs");
  const int64_t rows = element_count(context.input(0).shape) / weights[1];
  if (rows > INT32_MAX) throw Error(ErrorCode::unsupported, "FULLY_CONNECTED has too many rows");
  const Convolution layer = {
      .layer = Layer::dense,
      .shape = kernels::dense_shape(static_cast<int32_t>(rows), weights[1], weights[0]),
      .activation = op.activation,
      .asymmetric_inputs = op.asymmetric_quantize_inputs,
      .quantized_bias_type = op.quantized_bias_type};
  if (context.input(1).block_scales) return bind_block_dense(context, layer);
  if (is_4_bit_dense(context, layer)) return bind_4_bit_dense(context, layer);
  return bind_convolution(context, layer);
}

}  // namespace litesmith::bindings
