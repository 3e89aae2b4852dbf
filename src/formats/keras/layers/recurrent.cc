// LSTM, GRU, SimpleRNN, and Bidirectional around them. How a sequence is computed is the matter of
// formats/recurrent.
#include "formats/recurrent/recurrent.h"

#include <algorithm>

#include "base/error.h"
#include "formats/keras/activations.h"
#include "formats/keras/layers/layers.h"
#include "formats/keras/layers/masking.h"
#include "formats/keras/layers/sequence.h"
#include "ops/arrange.h"
#include "ops/binary.h"

namespace litesmith::keras {
namespace {

// Keras keeps [inputs, gates * units] and [units, gates * units].
recurrent::Weights weights_of(LayerCall& call, ValueId x, int32_t gates, bool two_biases) {
  recurrent::Weights result;
  result.units = call.config().integer("units");
  result.inputs = call.size(x, -1);
  if (result.units < 1 || result.units > INT32_MAX / 4) {
    throw Error(ErrorCode::format, "it has " + std::to_string(result.units) + " units");
  }
  const int32_t rows = gates * result.units;
  auto elements = [](const WeightArray& array) {
    const auto all = array.elements.as<float>();
    return std::vector<float>(all.begin(), all.end());
  };
  result.kernel = elements(transposed(call.weight("kernel", {result.inputs, rows}), {1, 0}));
  result.recurrent =
      elements(transposed(call.weight("recurrent_kernel", {result.units, rows}), {1, 0}));
  result.bias.resize(static_cast<size_t>(rows));
  if (!call.has_weight("bias")) return result;
  if (!two_biases) {
    result.bias = elements(call.weight("bias", {rows}));
    return result;
  }
  const std::vector<float> both = elements(call.weight("bias", {2, rows}));
  result.bias.assign(both.begin(), both.begin() + rows);
  result.recurrent_bias.assign(both.begin() + rows, both.end());
  return result;
}

// Null where every step counts. Keras 3 looks at the mask that comes with the sequence only where
// no state comes with it, too.
Mask mask_of(const LayerCall& call) {
  const bool ignored =
      call.inputs().size() > 1 && call.dialect().major >= 3 && !call.mask_is_argument();
  return ignored ? nullptr : call.masks().front();
}

recurrent::Layer layer_of(LayerCall& call, const recurrent::Weights& weights) {
  const Json& config = call.config();
  auto function = [&](const char* key) {
    return [&call, key](ValueId x) { return emit_activation(call, call.config()[key], x); };
  };
  const auto& inputs = call.inputs();
  const Mask mask = mask_of(call);
  return {.graph = call.graph(),
          .name = call.layer_name(),
          .weights = weights,
          .activation = function("activation"),
          .recurrent_activation = function("recurrent_activation"),
          .backwards = config.flag("go_backwards", false),
          .wants_outputs = config.flag("return_sequences", false),
          .initial_state = {inputs.begin() + 1, inputs.end()},
          .mask = mask ? mask->value() : ValueId(),
          .zeros_for_mask = config.flag("zero_output_for_mask", false)};
}

// The first input; behind it may be `states` tensors of initial state.
ValueId sequence_of(LayerCall& call, size_t states) {
  const size_t count = call.inputs().size();
  if (count != 1 && count != 1 + states) {
    throw Error(ErrorCode::format, "it is called with " + std::to_string(count) +
                                       " tensors, not with a sequence and " +
                                       std::to_string(states) + " states");
  }
  if (call.shape(call.inputs().front()).size() != 3) {
    throw Error(ErrorCode::data, "its input " + to_string(call.shape(call.inputs().front())) +
                                     " is not [batch, steps, features]");
  }
  return call.inputs().front();
}

// Every step's output has the mask of its step.
void hand_mask_on(LayerCall& call) {
  if (call.config().flag("return_sequences", false)) call.give_mask(call.masks().front());
}

ValueId outputs_of(LayerCall& call, const recurrent::Result& result) {
  hand_mask_on(call);
  if (call.config().flag("return_state", false)) {
    call.also_give(result.state);
    if (result.cell.valid()) call.also_give(result.cell);
  }
  return result.outputs.valid() ? result.outputs : result.last;
}

bool is_fused(const Json& config) {
  return is_function(config["activation"], "tanh") &&
         is_function(config["recurrent_activation"], "sigmoid") &&
         !config.flag("return_state", false);
}

void check_recurrent(const Json& config) {
  if (config.flag("time_major", false)) {
    throw Error(ErrorCode::unsupported, "time_major=True is not supported");
  }
  check_activation(config["recurrent_activation"]);
}

}  // namespace

std::vector<Variable> recurrent_variables(const Json& config) {
  std::vector<Variable> result = {{.name = "kernel", .group = "cell"},
                                  {.name = "recurrent_kernel", .group = "cell"}};
  if (config.flag("use_bias", true)) result.push_back({.name = "bias", .group = "cell"});
  return result;
}

void check_lstm(const Json& config) {
  check_recurrent(config);
  if (config.flag("stateful", false) && !is_fused(config)) {
    throw Error(ErrorCode::unsupported,
                "stateful=True is supported with tanh and sigmoid and without return_state only: "
                "LiteRT's operator keeps a state for no other");
  }
}

void check_unrolled(const Json& config) {
  check_recurrent(config);
  if (config.flag("stateful", false)) {
    throw Error(ErrorCode::unsupported,
                "stateful=True is not supported: LiteRT has no operator that keeps its state");
  }
}

bool lstm_fixes_batch(const Json& config) { return is_fused(config); }

ValueId build_lstm(LayerCall& call) {
  const ValueId x = sequence_of(call, 2);
  const recurrent::Weights weights = weights_of(call, x, 4, false);
  const bool masked = mask_of(call) != nullptr;
  if (masked && call.config().flag("stateful", false)) {
    throw Error(ErrorCode::unsupported,
                "stateful=True and a mask together are not supported: LiteRT's operator that keeps "
                "a state takes no mask");
  }
  if (!is_fused(call.config()) || call.inputs().size() > 1 || masked) {
    return outputs_of(call, recurrent::unroll_lstm(layer_of(call, weights), x));
  }
  const bool backwards = call.config().flag("go_backwards", false);
  const ValueId outputs = recurrent::fused_lstm(call.graph(), call.layer_name(), weights,
                                                backwards ? reversed(call, x) : x);
  return call.config().flag("return_sequences", false) ? outputs : last_step(call, outputs);
}

ValueId build_gru(LayerCall& call) {
  const ValueId x = sequence_of(call, 1);
  // Files older than the choice have it the old way.
  const bool reset_after = call.config().flag("reset_after", false);
  const recurrent::Weights weights = weights_of(call, x, 3, reset_after);
  return outputs_of(call, recurrent::unroll_gru(layer_of(call, weights), x, reset_after));
}

ValueId build_simple_rnn(LayerCall& call) {
  const ValueId x = sequence_of(call, 1);
  const recurrent::Weights weights = weights_of(call, x, 1, false);
  return outputs_of(call, recurrent::unroll_simple(layer_of(call, weights), x));
}

void check_bidirectional(const Json& config) {
  const std::string mode = config.string("merge_mode", "none");
  for (const char* known : {"concat", "sum", "mul", "ave", "none"}) {
    if (mode == known) return;
  }
  throw Error(ErrorCode::unsupported, "the merge_mode '" + mode + "' is not supported");
}

ValueId build_bidirectional(LayerCall& call) {
  const ValueId x = call.input();
  if (call.wrapped().size() != 2) throw Error(ErrorCode::format, "it wraps no layer");
  for (const LayerConfig& wrapped : call.wrapped()) {
    if (!is_recurrent(wrapped.class_name)) {
      throw Error(ErrorCode::unsupported,
                  "around a layer of class '" + wrapped.class_name + "' it is not supported");
    }
  }
  const Mask& mask = call.masks().front();
  std::vector<ValueId> forward = call.build_wrapped(0, {{x, mask}});
  // TF-Keras leaves the second layer out of the file where it is the first one backwards.
  const bool is_told = call.config()["backward_layer"].is_object();
  const Tensor turned = is_told ? Tensor{x, mask} : Tensor{reversed(call, x), reversed(call, mask)};
  std::vector<ValueId> backward = call.build_wrapped(1, {turned});
  const bool sequences = call.wrapped()[0].config->flag("return_sequences", false);
  if (sequences) {
    backward.front() = reversed(call, backward.front());
    call.give_mask(mask);
  }
  const ValueId a = forward.front();
  const ValueId b = backward.front();
  const std::string mode = call.config().string("merge_mode", "none");
  ValueId merged = a;
  if (mode == "concat") {
    Concatenation op;
    op.axis = static_cast<int32_t>(call.shape(a).size()) - 1;
    merged = call.emit(op, {a, b}, "concat");
  } else if (mode == "mul") {
    merged = call.emit(Mul(), {a, b}, "mul");
  } else if (mode == "none") {
    call.also_give(b, sequences ? mask : nullptr);
  } else {
    merged = call.emit(Add(), {a, b}, "sum");
    if (mode == "ave") merged = call.emit(Mul(), {merged, call.scalar("half", 0.5f)}, "average");
  }
  for (const auto* states : {&forward, &backward}) {
    std::for_each(states->begin() + 1, states->end(), [&](ValueId id) { call.also_give(id); });
  }
  return merged;
}

}  // namespace litesmith::keras
