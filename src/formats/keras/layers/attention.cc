// MultiHeadAttention and Attention (Vaswani et al., "Attention Is All You Need", 2017):
//   softmax(scale * Q K^T) V, for every head by itself.
//
// The projections of all heads are one FULLY_CONNECTED each. 1 / sqrt(key_dim), which Keras
// multiplies the queries with, is in the weights of theirs.
#include <cmath>
#include <string>

#include "base/error.h"
#include "formats/keras/layers/layers.h"
#include "formats/keras/layers/masking.h"
#include "formats/keras/layers/sequence.h"
#include "formats/keras/operations/arguments.h"
#include "ops/arrange.h"
#include "ops/batch_matmul.h"
#include "ops/binary.h"
#include "ops/comparison.h"
#include "ops/fully_connected.h"
#include "ops/logical.h"
#include "ops/reshape.h"
#include "ops/select.h"
#include "ops/softmax.h"

namespace litesmith::keras {
namespace {

// What a masked score gets: its exponential is 0 beside any other.
constexpr float kMasked = -1e9f;

const Arguments::Names kQuery = {"query"};
const Arguments::Names kValue = {"value"};
const Arguments::Names kKey = {"key"};

Buffer scaled(const WeightArray& array, float scale) {
  const auto elements = array.elements.as<float>();
  std::vector<float> result(elements.begin(), elements.end());
  for (float& element : result) element *= scale;
  return Buffer::of(result);
}

bool asks_for(LayerCall& call, std::string_view keyword) {
  const Argument* argument = call.keyword(keyword);
  return argument != nullptr && argument->value->truth();
}

// 0 where query t may look at key s <= t, kMasked elsewhere.
ValueId causal_mask(LayerCall& call, int32_t queries, int32_t keys) {
  constexpr int64_t kMost = 1 << 24;
  if (int64_t{queries} * keys > kMost) {
    throw Error(ErrorCode::unsupported, "a causal mask of " + std::to_string(queries) + " x " +
                                            std::to_string(keys) + " is too large");
  }
  std::vector<float> mask;
  mask.reserve(static_cast<size_t>(queries) * static_cast<size_t>(keys));
  for (int32_t t = 0; t < queries; ++t) {
    for (int32_t s = 0; s < keys; ++s) mask.push_back(s <= t ? 0 : kMasked);
  }
  return call.floats("causal_mask", {queries, keys}, mask);
}

// Probabilities [..., queries, keys] of scores, masked where the call asks for it and where one of
// `masks` says that a query may not look at a key. Where it may look at none, all are equal.
ValueId probabilities(LayerCall& call, ValueId scores, const std::vector<ValueId>& masks) {
  if (asks_for(call, "use_causal_mask")) {
    const ValueId mask = causal_mask(call, call.size(scores, -2), call.size(scores, -1));
    scores = call.emit(Add(), {scores, mask}, "masked");
  }
  ValueId allowed;
  for (const ValueId mask : masks) {
    allowed = allowed.valid() ? call.emit(LogicalAnd(), {allowed, mask}, "allowed") : mask;
  }
  if (allowed.valid()) {
    scores = call.emit(SelectV2(), {allowed, scores, call.scalar("hidden", kMasked)}, "masked");
  }
  return call.emit(Softmax(), {scores}, "probabilities");
}

ValueId times(LayerCall& call, ValueId a, ValueId b, bool turned, std::string_view part) {
  BatchMatMul op;
  op.adj_y = turned;
  return call.emit(op, {a, b}, part);
}

// A mask as one of many dimensions: 1 but for the batch, and the steps at `axis`.
ValueId along(LayerCall& call, const Mask& mask, int32_t axis, size_t rank) {
  const ValueId steps = mask->value();
  const Shape& shape = call.shape(steps);
  if (shape.size() != 2) {
    throw Error(ErrorCode::unsupported, "a mask " + to_string(shape) + " is not [batch, steps]");
  }
  std::vector<int32_t> target(rank, 1);
  target[0] = shape[0];
  target[static_cast<size_t>(axis)] = call.size(steps, 1);
  return call.emit(Reshape(), {steps, call.integers("mask_shape", target)}, "mask");
}

// The attention_mask of a call, [batch, queries, keys] or broadcast to it, for every head.
std::optional<ValueId> attention_mask(LayerCall& call) {
  const Argument* argument = call.keyword("attention_mask");
  if (argument == nullptr || argument->value->is_null()) return std::nullopt;
  if (argument->tensor_count != 1) {
    throw Error(ErrorCode::unsupported, "an attention_mask that is no tensor is not supported");
  }
  ValueId mask = before_cast(call, call.tensors(*argument).front());
  if (call.dtype(mask) != DType::boolean) {
    mask = call.emit(NotEqual(), {as_float(call, mask), call.scalar("zero", 0)}, "mask");
  }
  while (call.shape(mask).size() < 4) {
    const auto rank = static_cast<int32_t>(call.shape(mask).size());
    mask = with_axis(call, mask, std::max(0, rank - 2));
  }
  return mask;
}

class Heads {
 public:
  explicit Heads(LayerCall& call) : call_(call), count_(call.config().integer("num_heads")) {
    if (count_ < 1) throw Error(ErrorCode::format, "it has " + std::to_string(count_) + " heads");
  }

  // [batch, steps, features] to [batch, heads, steps, size].
  ValueId project(ValueId x, const std::string& name, int32_t size, float scale) {
    const int32_t inputs = call_.size(x, 2);
    int32_t rows = 0;
    if (size < 1 || __builtin_mul_overflow(count_, size, &rows)) {
      throw Error(ErrorCode::format, "heads of " + std::to_string(size) + " elements");
    }
    const ValueId kernel = call_.constant(name + "_kernel", [&] {
      const WeightArray& array = call_.weight(name + "_kernel", {inputs, count_, size});
      return transposed(WeightArray{{inputs, rows}, scaled(array, scale)}, {1, 0});
    });
    ValueId bias;
    if (call_.has_weight(name + "_bias")) {
      bias = call_.constant(name + "_bias", [&] {
        return WeightArray{{rows}, scaled(call_.weight(name + "_bias", {count_, size}), scale)};
      });
    }
    const ValueId all = dense(x, kernel, bias, name);
    const ValueId target =
        call_.integers("heads", {call_.shape(x)[0], call_.size(x, 1), count_, size});
    const ValueId split = call_.emit(Reshape(), {all, target}, name + "_split");
    return call_.emit(Transpose(), {split, swapped()}, name + "_heads");
  }

  // Back to [batch, steps, heads * size], and through the output's projection.
  ValueId join(ValueId x, int32_t size) {
    const ValueId turned = call_.emit(Transpose(), {x, swapped()}, "joined_heads");
    const int32_t columns = count_ * size;
    const ValueId target = call_.integers("joined", {call_.shape(x)[0], call_.size(x, 2), columns});
    const ValueId joined = call_.emit(Reshape(), {turned, target}, "joined");
    WeightArray array = call_.weight("output_kernel", {count_, size, kDynamic});
    const int32_t outputs = array.shape[2];
    array.shape = {columns, outputs};
    const ValueId kernel = call_.constant("output_kernel", [&] {
      return transposed(array, {1, 0});
    });
    ValueId bias;
    if (call_.has_weight("output_bias")) {
      bias = call_.constant("output_bias", [&] { return call_.weight("output_bias", {outputs}); });
    }
    return dense(joined, kernel, bias, "output");
  }

 private:
  ValueId dense(ValueId x, ValueId kernel, ValueId bias, std::string_view part) {
    FullyConnected op;
    op.keep_num_dims = true;
    return call_.emit(op, {x, kernel, bias}, part);
  }
  ValueId swapped() { return call_.integers("swap_steps_and_heads", {0, 2, 1, 3}); }

  LayerCall& call_;
  int32_t count_;
};

void require_sequence(LayerCall& call, ValueId x) {
  if (call.shape(x).size() != 3) {
    throw Error(ErrorCode::unsupported,
                "its input " + to_string(call.shape(x)) + " is not [batch, steps, features]");
  }
}

}  // namespace

std::vector<Variable> attention_variables(const Json& config) {
  std::vector<Variable> result;
  auto add = [&](Variable kernel, Variable bias) {
    result.push_back(kernel);
    if (config.flag("use_bias", true)) result.push_back(bias);
  };
  const auto dense = [](std::string_view name, std::string_view group, std::string_view other) {
    return Variable{.name = name, .group = group, .other_group = other};
  };
  add(dense("query_kernel", "query_dense", "_query_dense"),
      dense("query_bias", "query_dense", "_query_dense"));
  add(dense("key_kernel", "key_dense", "_key_dense"), dense("key_bias", "key_dense", "_key_dense"));
  add(dense("value_kernel", "value_dense", "_value_dense"),
      dense("value_bias", "value_dense", "_value_dense"));
  add(dense("output_kernel", "output_dense", "_output_dense"),
      dense("output_bias", "output_dense", "_output_dense"));
  return result;
}

void check_multi_head_attention(const Json& config) {
  if (config.flag("use_gate", false)) {
    throw Error(ErrorCode::unsupported, "use_gate=True is not supported");
  }
  if (!config["sliding_window"].is_null()) {
    throw Error(ErrorCode::unsupported, "a sliding window is not supported");
  }
  const Json& axes = config["attention_axes"];
  const double axis = axes.is_array() && axes.items().size() == 1 ? axes.items()[0].value() : 1;
  if (axis != 1 || axes.items().size() > 1) {
    throw Error(ErrorCode::unsupported,
                "attention over other axes than the first is not supported");
  }
  if (config["output_shape"].items().size() > 1) {
    throw Error(ErrorCode::unsupported, "an output_shape of several dimensions is not supported");
  }
}

ValueId build_multi_head_attention(LayerCall& call) {
  const Arguments arguments(call);
  const ValueId query = arguments.operand(0, kQuery);
  const ValueId value = arguments.operand(1, kValue);
  const ValueId key = arguments.is_tensor(2, kKey) ? arguments.operand(2, kKey) : value;
  std::vector<ValueId> masks;
  if (const auto given = attention_mask(call)) masks.push_back(*given);
  if (call.inputs().size() > 3 + masks.size()) {
    throw Error(ErrorCode::unsupported,
                "query_mask, value_mask and key_mask as arguments are not supported");
  }
  const Mask query_mask = arguments.mask(0, kQuery);
  if (query_mask) masks.push_back(along(call, query_mask, 2, 4));
  const Mask value_mask = arguments.mask(1, kValue);
  if (value_mask) masks.push_back(along(call, value_mask, 3, 4));
  const Mask key_mask = arguments.mask(2, kKey);
  if (key_mask && key_mask != value_mask) masks.push_back(along(call, key_mask, 3, 4));
  call.give_mask(query_mask);
  for (const ValueId id : {query, value, key}) require_sequence(call, id);
  const int32_t key_size = call.config().integer("key_dim");
  const int32_t value_size = call.config().integer("value_dim", key_size);
  Heads heads(call);
  const float scale = 1 / std::sqrt(static_cast<float>(key_size));
  const ValueId q = heads.project(query, "query", key_size, scale);
  const ValueId k = heads.project(key, "key", key_size, 1);
  const ValueId v = heads.project(value, "value", value_size, 1);
  const ValueId weights = probabilities(call, times(call, q, k, true, "scores"), masks);
  const ValueId output = heads.join(times(call, weights, v, false, "weighted"), value_size);
  if (asks_for(call, "return_attention_scores")) call.also_give(weights);
  return output;
}

std::vector<Variable> dot_attention_variables(const Json& config) {
  if (config.flag("use_scale", false)) return {{"scale"}};
  return {};
}

void check_dot_attention(const Json& config) {
  const std::string mode = config.string("score_mode", "dot");
  if (mode != "dot") {
    throw Error(ErrorCode::unsupported, "the score_mode '" + mode + "' is not supported");
  }
}

// The inputs are [query, value] or [query, value, key].
ValueId build_attention(LayerCall& call) {
  const std::vector<ValueId>& inputs = call.inputs();
  if (inputs.size() != 2 && inputs.size() != 3) {
    throw Error(ErrorCode::format, "it is called with " + std::to_string(inputs.size()) +
                                       " tensors, not with a query, a value and perhaps a key");
  }
  for (const ValueId id : inputs) require_sequence(call, id);
  ValueId scores = times(call, inputs[0], inputs.back(), true, "scores");
  if (call.has_weight("scale")) {
    const ValueId scale = call.constant("scale", [&] { return call.weight("scale", {}); });
    scores = call.emit(Mul(), {scores, scale}, "scaled");
  }
  const Mask& query_mask = call.masks()[0];
  const Mask& value_mask = call.masks()[1];
  std::vector<ValueId> masks;
  if (value_mask) masks.push_back(along(call, value_mask, 2, 3));
  const ValueId weights = probabilities(call, scores, masks);
  if (asks_for(call, "return_attention_scores")) call.also_give(weights);
  const ValueId weighted = times(call, weights, inputs[1], false, "weighted");
  if (!query_mask) return weighted;
  call.give_mask(query_mask);
  const ValueId counts = with_axis(call, query_mask->value(), 2);
  return call.emit(SelectV2(), {counts, weighted, call.scalar("zero", 0)}, "counted");
}

}  // namespace litesmith::keras
