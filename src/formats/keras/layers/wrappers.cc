// What TensorFlow's model optimization toolkit wraps layers into while it trains: for inference,
// the layers inside.
#include "base/error.h"
#include "formats/keras/layers/layers.h"

namespace litesmith::keras {

ValueId build_training_wrapper(LayerCall& call) {
  if (call.wrapped().size() != 1) throw Error(ErrorCode::format, "it wraps no layer");
  std::vector<Tensor> inputs;
  for (const ValueId id : call.inputs()) inputs.push_back({id});
  const std::vector<ValueId> outputs = call.build_wrapped(0, inputs);
  for (size_t i = 1; i < outputs.size(); ++i) call.also_give(outputs[i]);
  return outputs.at(0);
}

}  // namespace litesmith::keras
