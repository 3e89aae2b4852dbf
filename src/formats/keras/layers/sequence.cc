// Layers over sequences that are no recurrent ones: Embedding and TimeDistributed.
#include "formats/keras/layers/sequence.h"

#include "base/error.h"
#include "formats/keras/layers/layers.h"
#include "formats/keras/layers/masking.h"
#include "ops/comparison.h"
#include "ops/reshape.h"
#include "ops/shape_and_cast.h"
#include "ops/slice.h"

namespace litesmith::keras {
namespace {

// Every dimension whole but the second.
StridedSlice slice_of_steps(size_t rank) {
  StridedSlice op;
  op.begin_mask = (1 << rank) - 1;
  op.end_mask = op.begin_mask;
  return op;
}

// What is not 0.
Mask non_zero(LayerCall& call, ValueId x) {
  return lazy_mask([x, composer = call.composer()]() mutable {
    const ValueId zero = composer.dtype(x) == DType::float32
                             ? composer.constant<float>("zero", {}, {0})
                             : composer.constant<int32_t>("zero", {}, {0});
    return composer.emit(NotEqual(), {x, zero}, "mask");
  });
}

}  // namespace

ValueId before_cast(LayerCall& call, ValueId x) {
  for (const Node& node : call.graph().nodes) {
    if (node.outputs.front() != x || node.as<Cast>() == nullptr) continue;
    const ValueId source = node.inputs.front();
    return call.dtype(source) == DType::float32 ? x : source;
  }
  return x;
}

ValueId reversed(LayerCall& call, ValueId x) {
  const size_t rank = call.shape(x).size();
  std::vector<int32_t> strides(rank, 1);
  strides[1] = -1;
  const ValueId zeros = call.integers("zeros", std::vector<int32_t>(rank, 0));
  return call.emit(slice_of_steps(rank), {x, zeros, zeros, call.integers("backwards", strides)},
                   "reversed");
}

ValueId last_step(LayerCall& call, ValueId x) {
  const size_t rank = call.shape(x).size();
  std::vector<int32_t> begin(rank, 0);
  begin[1] = -1;
  StridedSlice op = slice_of_steps(rank);
  op.begin_mask &= ~2;
  op.shrink_axis_mask = 2;
  const ValueId zeros = call.integers("zeros", std::vector<int32_t>(rank, 0));
  const ValueId ones = call.integers("ones", std::vector<int32_t>(rank, 1));
  return call.emit(op, {x, call.integers("last", begin), zeros, ones}, "last_step");
}

bool is_recurrent(std::string_view class_name) {
  return class_name == "LSTM" || class_name == "GRU" || class_name == "SimpleRNN";
}

std::vector<Variable> embedding_variables(const Json&) { return {{"embeddings"}}; }

// GATHER of rows; the indices are the model's own integers where it has them.
ValueId build_embedding(LayerCall& call) {
  const ValueId table = call.constant("embeddings", [&] {
    return call.weight("embeddings",
                       {call.config().integer("input_dim"), call.config().integer("output_dim")});
  });
  ValueId indices = before_cast(call, call.input());
  const ValueId given = indices;
  if (call.dtype(indices) != DType::int32) {
    Cast cast;
    cast.in_data_type = call.dtype(indices);
    cast.out_data_type = DType::int32;
    indices = call.emit(cast, {indices}, "indices");
  }
  if (call.config().flag("mask_zero", false)) {
    call.give_mask(non_zero(call, call.dtype(given) == DType::float32 ? given : indices));
  }
  return call.emit(Gather(), {table, indices}, "gather");
}

// Time becomes part of the batch, and comes back behind the layer.
ValueId build_time_distributed(LayerCall& call) {
  const ValueId x = call.input();
  if (call.wrapped().size() != 1) throw Error(ErrorCode::format, "it wraps no layer");
  const Shape shape = call.shape(x);
  if (shape.size() < 3) {
    throw Error(ErrorCode::data, "its input " + to_string(shape) + " has no steps");
  }
  auto one_output = [&](ValueId input) {
    const std::vector<ValueId> outputs = call.build_wrapped(0, {{input}});
    if (outputs.size() != 1) {
      throw Error(ErrorCode::unsupported, "around a layer of several outputs it is not supported");
    }
    return outputs.front();
  };
  // Dense layers take any rank.
  if (call.wrapped().front().class_name == "Dense") return one_output(x);
  const int32_t steps = call.size(x, 1);
  int32_t batch = -1;
  if (shape[0] >= 0 && __builtin_mul_overflow(shape[0], steps, &batch)) {
    throw Error(ErrorCode::data, "its input " + to_string(shape) + " is too large");
  }
  std::vector<int32_t> folded = {batch};
  for (size_t i = 2; i < shape.size(); ++i) folded.push_back(call.size(x, static_cast<int>(i)));
  const ValueId each = call.emit(Reshape(), {x, call.integers("folded", folded)}, "fold");
  const ValueId made = one_output(each);
  std::vector<int32_t> unfolded = {shape[0], steps};
  for (size_t i = 1; i < call.shape(made).size(); ++i) {
    unfolded.push_back(call.size(made, static_cast<int>(i)));
  }
  return call.emit(Reshape(), {made, call.integers("unfolded", unfolded)}, "unfold");
}

}  // namespace litesmith::keras
