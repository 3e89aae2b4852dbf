// Layers that merge several tensors: element by element, or side by side.
#include <algorithm>

#include "base/error.h"
#include "formats/keras/layers/layers.h"
#include "formats/keras/layers/masking.h"
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
  call.give_mask(merged_mask(call));
  ValueId result = inputs.front();
  for (size_t i = 1; i < inputs.size(); ++i) result = call.emit(Op(), {result, inputs[i]}, part);
  return result;
}

// Of these three Keras 3 leaves out what does not count.
template <class Op>
ValueId fold_what_counts(LayerCall& call, std::string_view part) {
  const auto& masks = call.masks();
  const bool masked = std::any_of(masks.begin(), masks.end(), [](const Mask& m) { return m; });
  if (masked && call.dialect().major >= 3) {
    throw Error(ErrorCode::unsupported,
                "an input comes with a mask (of a Masking layer, or an Embedding with "
                "mask_zero=True), which is not supported: use Add, Subtract or Average, or a "
                "function of keras.ops");
  }
  return fold<Op>(call, part);
}

// Masks of sequences put one behind the other are not put together; who asks for one is told.
Mask joined_mask(const LayerCall& call, int32_t axis, size_t rank) {
  if (normalize_axis(axis, rank) + 1 == static_cast<int32_t>(rank)) return merged_mask(call);
  if (std::none_of(call.masks().begin(), call.masks().end(), [](const Mask& m) { return m; })) {
    return nullptr;
  }
  return lazy_mask([]() -> ValueId {
    throw Error(ErrorCode::unsupported,
                "its input has a mask that Concatenate put together of several along another axis "
                "than the last, which is not supported");
  });
}

}  // namespace

ValueId build_add(LayerCall& call) { return fold<Add>(call, "add"); }
ValueId build_multiply(LayerCall& call) { return fold_what_counts<Mul>(call, "mul"); }
ValueId build_maximum(LayerCall& call) { return fold_what_counts<Maximum>(call, "maximum"); }
ValueId build_minimum(LayerCall& call) { return fold_what_counts<Minimum>(call, "minimum"); }

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
  call.give_mask(joined_mask(call, op.axis, call.shape(call.inputs().front()).size()));
  return call.emit(op, call.inputs(), "concat");
}

}  // namespace litesmith::keras
