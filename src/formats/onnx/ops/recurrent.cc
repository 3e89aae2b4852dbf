// LSTM, GRU and RNN. How a sequence is computed is the matter of formats/recurrent; here weights
// are brought into its order, and directions, states and outputs taken apart and put together.
#include "formats/recurrent/recurrent.h"

#include <algorithm>

#include "formats/onnx/ops/ops.h"
#include "ops/arrange.h"
#include "ops/slice.h"
#include "ops/unary.h"

namespace litesmith::onnx {
namespace {

using recurrent::Weights;

// Which of ONNX's blocks of rows (one a gate) each of formats/recurrent's is.
using GateOrder = std::vector<size_t>;

struct Directions {
  std::vector<bool> backwards;  // of each
  size_t count() const { return backwards.size(); }
};

Directions directions_of(const Call& call) {
  const std::string text = call.text("direction", "forward");
  if (text == "forward") return {{false}};
  if (text == "reverse") return {{true}};
  if (text == "bidirectional") return {{false, true}};
  call.wrong("there is no direction '" + text + "'");
}

const Value& weights_at(Call& call, size_t i, const Shape& expected) {
  if (call.shape(i) != expected) {
    call.wrong("weights of shape " + to_string(call.shape(i)) + ", not " + to_string(expected));
  }
  const Value& value = call[call.plain(i)];
  if (!value.is_constant() || value.dtype != DType::float32) {
    call.refuse("weights that are no constant floats are not supported");
  }
  return value;
}

// Blocks of `size` elements, from `begin` on, in another order.
std::vector<float> in_gate_order(std::span<const float> elements, size_t begin, size_t size,
                                 const GateOrder& gates) {
  std::vector<float> result;
  result.reserve(gates.size() * size);
  for (const size_t gate : gates) {
    const auto block = elements.subspan(begin + gate * size, size);
    result.insert(result.end(), block.begin(), block.end());
  }
  return result;
}

// The weights of direction `d`. A GRU may need the bias of the state apart.
Weights weights_of(Call& call, const Directions& directions, size_t d, const GateOrder& gates,
                   bool two_biases) {
  const auto count = static_cast<int32_t>(directions.count());
  const auto blocks = static_cast<int32_t>(gates.size());
  constexpr int32_t kMostUnits = 1 << 20;
  const Shape& shape = call.shape(2);
  if (shape.size() != 3 || shape[2] < 1 || shape[2] > kMostUnits || call.rank(0) != 3) {
    call.wrong("an input of shape " + to_string(call.shape(0)) + " and weights of shape " +
               to_string(shape));
  }
  Weights result;
  result.units = shape[2];
  result.inputs = call.shape(0)[2];
  if (result.inputs < 1) {
    call.refuse("the number of features must be known: give it with --dimension NAME=SIZE");
  }
  const int32_t rows = blocks * result.units;
  const auto units = static_cast<size_t>(result.units);
  const auto inputs = static_cast<size_t>(result.inputs);
  const auto all_rows = static_cast<size_t>(rows);
  result.kernel = in_gate_order(weights_at(call, 1, {count, rows, result.inputs}).elements<float>(),
                                d * all_rows * inputs, units * inputs, gates);
  result.recurrent =
      in_gate_order(weights_at(call, 2, {count, rows, result.units}).elements<float>(),
                    d * all_rows * units, units * units, gates);
  result.bias.resize(all_rows);
  if (!call.has(3)) return result;
  const auto biases = weights_at(call, 3, {count, 2 * rows}).elements<float>();
  result.bias = in_gate_order(biases, 2 * d * all_rows, units, gates);
  std::vector<float> of_state = in_gate_order(biases, (2 * d + 1) * all_rows, units, gates);
  if (two_biases) {
    result.recurrent_bias = std::move(of_state);
  } else {
    for (size_t i = 0; i < all_rows; ++i) result.bias[i] += of_state[i];
  }
  return result;
}

// The activations of direction `d`, `count` of them a direction.
std::vector<recurrent::Function> functions_of(Call& call, size_t d,
                                              const std::vector<std::string>& otherwise) {
  std::vector<std::string> names = call.text_list("activations");
  if (names.empty()) {
    for (size_t i = 0; i <= d; ++i) names.insert(names.end(), otherwise.begin(), otherwise.end());
  }
  if (names.size() < (d + 1) * otherwise.size()) call.wrong("it has too few activations");
  std::vector<recurrent::Function> result;
  for (size_t i = d * otherwise.size(); i < (d + 1) * otherwise.size(); ++i) {
    const std::string& name = names[i];
    if (name == "Sigmoid") {
      result.push_back([&call](ValueId x) { return call.emit(Logistic(), {x}, "sigmoid"); });
    } else if (name == "Tanh") {
      result.push_back([&call](ValueId x) { return call.emit(Tanh(), {x}, "tanh"); });
    } else if (name == "Relu") {
      result.push_back([&call](ValueId x) { return call.emit(Relu(), {x}, "relu"); });
    } else {
      call.refuse("the activation '" + name + "' is not supported (Sigmoid, Tanh and Relu are)");
    }
  }
  return result;
}

bool has_default_activations(const Call& call, const std::vector<std::string>& otherwise) {
  const auto names = call.text_list("activations");
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] != otherwise[i % otherwise.size()]) return false;
  }
  return true;
}

// What all three have and LiteRT's sequences have not.
void check_attributes(Call& call, bool batch_first) {
  if (call.has_attribute("clip")) call.refuse("clip is not supported");
  if (!call.has(4)) return;
  const int32_t steps = call.shape(0).at(batch_first ? 1 : 0);
  for (const int64_t length : call.integers(4, "sequence_lens")) {
    if (length != steps) call.refuse("sequences of different lengths are not supported");
  }
}

ValueId reversed(Call& call, ValueId x) {
  StridedSlice op;
  op.begin_mask = op.end_mask = 7;
  const ValueId zeros = call.int32s("zeros", {0, 0, 0});
  return call.emit(op, {x, zeros, zeros, call.int32s("backwards", {1, -1, 1})}, "reversed");
}

// [batch, units] of the last step.
ValueId last_step(Call& call, ValueId x) {
  StridedSlice op;
  op.begin_mask = 5;
  op.end_mask = 7;
  op.shrink_axis_mask = 2;
  return call.emit(op,
                   {x, call.int32s("last", {0, -1, 0}), call.int32s("zeros", {0, 0, 0}),
                    call.int32s("ones", {1, 1, 1})},
                   "last_step");
}

// The state that input `i`, [directions, batch, units], gives direction `d`; absent for zeros.
ValueId initial_state(Call& call, size_t i, size_t d, bool batch_first) {
  if (!call.has(i) || call.is_zero(i)) return {};
  const size_t rank = 3;
  if (call.rank(i) != rank) call.wrong("a state of shape " + to_string(call.shape(i)));
  const Order order = batch_first ? Order{1, 0, 2} : plain_order(rank);  // directions first
  StridedSlice op;
  op.begin_mask = op.end_mask = 6;
  op.shrink_axis_mask = 1;
  const auto at = static_cast<int32_t>(d);
  return call.emit(op,
                   {call.value(i, order), call.int32s("begin", {at, 0, 0}),
                    call.int32s("end", {at + 1, 0, 0}), call.int32s("ones", {1, 1, 1})},
                   "initial_state");
}

// One direction's results, steps in the order of time.
struct Made {
  ValueId outputs;  // [batch, steps, units]
  ValueId last;     // [batch, units]
  ValueId cell;
};

ValueId joined(Call& call, const std::vector<ValueId>& parts, int32_t axis) {
  if (parts.size() == 1) return parts.front();
  Concatenation op;
  op.axis = axis;
  return call.emit(op, parts, "directions");
}

// Output `i`, [directions, batch, units], or with the batch first.
void set_state(Call& call, size_t i, const std::vector<ValueId>& states, bool batch_first) {
  std::vector<ValueId> parts;
  for (const ValueId state : states) {
    if (!state.valid()) return;
    const Shape shape = call[state].shape;
    parts.push_back(call.reshape(state, {shape[0], 1, shape[1]}, "state"));
  }
  const Order stored = batch_first ? plain_order(3) : Order{1, 0, 2};
  call.set(i, joined(call, parts, 1), stored);
}

void set_outputs(Call& call, const std::vector<Made>& made, bool batch_first) {
  if (call.makes(0)) {
    // [batch, steps, directions, units], which ONNX has as [steps, directions, batch, units].
    std::vector<ValueId> parts;
    for (const Made& each : made) {
      const Shape shape = call[each.outputs].shape;
      parts.push_back(call.reshape(each.outputs, {shape[0], shape[1], 1, shape[2]}, "outputs"));
    }
    const Order stored = batch_first ? plain_order(4) : Order{2, 0, 1, 3};
    call.set(0, joined(call, parts, 2), stored);
  }
  std::vector<ValueId> last;
  std::vector<ValueId> cells;
  for (const Made& each : made) {
    last.push_back(each.last);
    cells.push_back(each.cell);
  }
  if (call.makes(1)) set_state(call, 1, last, batch_first);
  if (call.makes(2)) set_state(call, 2, cells, batch_first);
}

struct Kind {
  GateOrder gates;
  std::vector<std::string> activations;
  size_t states;
};

// `run` makes one direction of the input [batch, steps, inputs].
template <class Run>
void build_recurrent(Call& call, const Kind& kind, bool two_biases, const Run& run) {
  const bool batch_first = call.integer("layout", 0) != 0;
  check_attributes(call, batch_first);
  const Directions directions = directions_of(call);
  std::vector<Made> made;
  for (size_t d = 0; d < directions.count(); ++d) {
    const Weights weights = weights_of(call, directions, d, kind.gates, two_biases);
    const auto functions = functions_of(call, d, kind.activations);
    const ValueId x = call.value(0, batch_first ? plain_order(3) : Order{1, 0, 2});
    recurrent::Layer layer{.graph = call.graph(),
                           .name = call.name(directions.backwards[d] ? "backward" : "forward"),
                           .weights = weights,
                           .activation = functions.back(),
                           .recurrent_activation = functions.front(),
                           .backwards = directions.backwards[d],
                           .wants_outputs = call.makes(0)};
    bool given = false;
    for (size_t i = 0; i < kind.states; ++i) {
      layer.initial_state.push_back(initial_state(call, 5 + i, d, batch_first));
      given |= layer.initial_state.back().valid();
    }
    if (!given) {
      layer.initial_state.clear();
    } else if (std::any_of(layer.initial_state.begin(), layer.initial_state.end(),
                           [](ValueId state) { return !state.valid(); })) {
      call.refuse("one initial state without the other is not supported");
    }
    made.push_back(run(layer, x));
  }
  set_outputs(call, made, batch_first);
}

Made in_time(Call& call, const recurrent::Layer& layer, const recurrent::Result& result) {
  Made made{.outputs = result.outputs, .last = result.last, .cell = result.cell};
  if (layer.backwards && made.outputs.valid()) made.outputs = reversed(call, made.outputs);
  return made;
}

}  // namespace

// ONNX's gates are input, output, forget, cell.
void build_lstm(Call& call) {
  const Kind kind = {{0, 2, 3, 1}, {"Sigmoid", "Tanh", "Tanh"}, 2};
  if (call.has(7)) call.refuse("peepholes are not supported");
  if (call.integer("input_forget", 0) != 0) call.refuse("input_forget is not supported");
  const auto names = call.text_list("activations");
  for (size_t i = 0; i + 2 < names.size(); i += 3) {
    if (names[i + 1] != names[i + 2]) call.refuse("two activations beside the gates'");
  }
  const bool fused = has_default_activations(call, kind.activations) && !call.makes(2);
  build_recurrent(call, kind, false, [&](const recurrent::Layer& layer, ValueId x) {
    if (!fused || !layer.initial_state.empty()) {
      return in_time(call, layer, recurrent::unroll_lstm(layer, x));
    }
    const ValueId taken = layer.backwards ? reversed(call, x) : x;
    const ValueId outputs = recurrent::fused_lstm(call.graph(), layer.name, layer.weights, taken);
    recurrent::Result result;
    result.outputs = outputs;
    if (call.makes(1)) result.last = last_step(call, outputs);
    return in_time(call, layer, result);
  });
}

// Update, reset and hidden in both.
void build_gru(Call& call) {
  const bool reset_after = call.integer("linear_before_reset", 0) != 0;
  build_recurrent(call, {{0, 1, 2}, {"Sigmoid", "Tanh"}, 1}, reset_after,
                  [&](const recurrent::Layer& layer, ValueId x) {
                    return in_time(call, layer, recurrent::unroll_gru(layer, x, reset_after));
                  });
}

void build_rnn(Call& call) {
  build_recurrent(call, {{0}, {"Tanh"}, 1}, false, [&](const recurrent::Layer& layer, ValueId x) {
    return in_time(call, layer, recurrent::unroll_simple(layer, x));
  });
}

}  // namespace litesmith::onnx
