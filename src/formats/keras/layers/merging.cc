// Layers that merge several tensors: element by element, or side by side.
#include <algorithm>

#include "base/error.h"
#include "formats/keras/layers/layers.h"
#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/reshape.h"

namespace litesmith::keras {
namespace {

// Tensors of lower rank get dimensions of 1 behind the batch, as Keras does.
std::vector<ValueId> of_equal_rank(LayerCall& call) {
  std::vector<ValueId> inputs = call.inputs();
  size_t rank = 0;
  for (const ValueId id : inputs) rank = std::max(rank, call.shape(id).size());
  for (ValueId& id : inputs) {
    while (call.shape(id).size() < rank) {
      id = call.emit(ExpandDims(), {id, call.integers("behind_batch", {}, {1})}, "expand_dims");
    }
  }
  return inputs;
}

// ((a op b) op c) ...
template <class Op>
ValueId fold(LayerCall& call, std::string_view part) {
  const std::vector<ValueId> inputs = of_equal_rank(call);
  if (inputs.size() < 2) throw Error(ErrorCode::format, "it merges fewer than two tensors");
  ValueId result = inputs.front();
  for (size_t i = 1; i < inputs.size(); ++i) result = call.emit(Op(), {result, inputs[i]}, part);
  return result;
}

}  // namespace

ValueId build_add(LayerCall& call) { return fold<Add>(call, "add"); }
ValueId build_multiply(LayerCall& call) { return fold<Mul>(call, "mul"); }
ValueId build_maximum(LayerCall& call) { return fold<Maximum>(call, "maximum"); }
ValueId build_minimum(LayerCall& call) { return fold<Minimum>(call, "minimum"); }

ValueId build_subtract(LayerCall& call) {
  if (call.inputs().size() != 2) throw Error(ErrorCode::format, "it subtracts not two tensors");
  return fold<Sub>(call, "sub");
}

ValueId build_average(LayerCall& call) {
  const ValueId sum = fold<Add>(call, "add");
  const float share = 1.0f / static_cast<float>(call.inputs().size());
  return call.emit(Mul(), {sum, call.scalar("share", share)}, "mul");
}

ValueId build_concatenate(LayerCall& call) {
  if (call.inputs().empty()) throw Error(ErrorCode::format, "it merges no tensors");
  Concatenation op;
  op.axis = call.config().integer("axis", -1);
  return call.emit(op, call.inputs(), "concat");
}

}  // namespace litesmith::keras
