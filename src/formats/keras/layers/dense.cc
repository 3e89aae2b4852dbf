// Dense: FULLY_CONNECTED along the last dimension, the kernel turned from [in, out] to [out, in].
#include "formats/keras/activations.h"
#include "formats/keras/layers/layers.h"
#include "ops/fully_connected.h"

namespace litesmith::keras {

ValueId build_dense(LayerCall& call) {
  const Json& config = call.config();
  const ValueId x = call.input();
  const int32_t units = config.integer("units");
  const WeightArray& kernel = call.weight("kernel", {call.size(x, -1), units});
  const ValueId weights = call.constant("kernel", [&] { return transposed(kernel, {1, 0}); });
  ValueId bias;
  if (call.has_weight("bias")) {
    bias = call.constant("bias", [&] { return call.weight("bias", {units}); });
  }
  FullyConnected op;
  op.keep_num_dims = call.shape(x).size() > 2;
  const ValueId result = call.emit(op, {x, weights, bias}, "matmul");
  return emit_activation(call, config["activation"], result);
}

}  // namespace litesmith::keras
