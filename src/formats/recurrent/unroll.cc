// Recurrent layers step by step.
//
// Nothing is computed for a state of zeros: the first step has fewer operators, and the batch may
// stay open.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "formats/compose/composer.h"
#include "formats/recurrent/recurrent.h"
#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/fully_connected.h"
#include "ops/slice.h"

namespace litesmith::recurrent {
namespace {

using compose::Composer;

using Floats = std::vector<float>;

class Unroller {
 public:
  Unroller(const Layer& layer, ValueId x)
      : layer_(layer), weights_(layer.weights), composer_(layer.graph, layer.name), x_(x) {
    const Shape& shape = composer_.shape(x);
    steps_ = shape.size() == 3 ? shape[1] : 0;
    if (steps_ < 1 || steps_ > kMaxSteps) {
      throw Error(ErrorCode::unsupported, "a sequence " + to_string(shape) +
                                              " cannot be unrolled: the number of steps must be "
                                              "fixed, and at most " +
                                              std::to_string(kMaxSteps));
    }
    constexpr size_t kOperatorsOfAStep = 16;  // with plain activations no layer has more
    if (layer.graph.nodes.size() + static_cast<size_t>(steps_) * kOperatorsOfAStep >
        kMaxOperators) {
      throw Error(ErrorCode::unsupported, "unrolled, the model would have more than " +
                                              std::to_string(kMaxOperators) + " operators");
    }
  }

  // What the input adds to `gates` gates at each step: by step, [batch, gates * units] in parts of
  // `sizes` blocks.
  std::vector<std::vector<ValueId>> project_input(Floats bias, const std::vector<int32_t>& sizes) {
    int32_t rows = 0;
    for (const int32_t size : sizes) rows += size * weights_.units;
    const ValueId kernel = composer_.constant("kernel", {rows, weights_.inputs}, weights_.kernel);
    FullyConnected op;
    op.keep_num_dims = true;
    const ValueId projected = composer_.emit(
        op, {x_, kernel, composer_.constant("bias", {rows}, bias)}, "input_projection");
    std::vector<ValueId> parts = {projected};
    if (sizes.size() > 1) {
      SplitV split;
      split.num_splits = static_cast<int32_t>(sizes.size());
      std::vector<int32_t> widths;
      widths.reserve(sizes.size());
      for (const int32_t size : sizes) widths.push_back(size * weights_.units);
      parts =
          composer_.emit_all(split,
                             {projected, composer_.constant("widths", {split.num_splits}, widths),
                              composer_.constant<int32_t>("width_axis", {}, {2})},
                             "input_parts");
    }
    std::vector<std::vector<ValueId>> result(static_cast<size_t>(steps_));
    for (const ValueId part : parts) {
      Unpack op_unpack;
      op_unpack.num = steps_;
      op_unpack.axis = 1;
      const std::vector<ValueId> at = composer_.emit_all(op_unpack, {part}, "input_at");
      for (size_t t = 0; t < at.size(); ++t) result[t].push_back(at[t]);
    }
    return result;
  }

  // Blocks [first, first + count) of the recurrent weights.
  ValueId recurrent_rows(int32_t first, int32_t count, std::string_view part) {
    const auto row = static_cast<ptrdiff_t>(weights_.units) * weights_.units;
    const auto begin = weights_.recurrent.begin() + first * row;
    return composer_.constant(part, {count * weights_.units, weights_.units},
                              Floats(begin, begin + count * row));
  }

  // U h + bias
  ValueId multiply(ValueId h, ValueId matrix, ValueId bias, std::string_view part) {
    return composer_.emit(FullyConnected(), {h, matrix, bias}, at(part));
  }
  // What a state adds to a sum; one of zeros adds nothing.
  ValueId with_state(ValueId sum, ValueId h, ValueId matrix, std::string_view part) {
    if (!h.valid()) return sum;
    return emit<Add>({sum, multiply(h, matrix, {}, "recurrent")}, part);
  }
  template <class Op>
  ValueId emit(std::vector<ValueId> operands, std::string_view part) {
    return composer_.emit(Op(), std::move(operands), at(part));
  }
  std::vector<ValueId> split(ValueId gates, int32_t count) {
    Split op;
    op.num_splits = count;
    if (!gate_axis_.valid()) gate_axis_ = composer_.constant<int32_t>("gate_axis", {}, {1});
    return composer_.emit_all(op, {gate_axis_, gates}, at("gates"));
  }

  // Runs `step(t)`, which gives the output, for every step in the order of the layer.
  template <class Step>
  Result run(Step&& step) {
    std::vector<ValueId> outputs;
    for (int32_t i = 0; i < steps_; ++i) {
      step_ = layer_.backwards ? steps_ - 1 - i : i;
      outputs.push_back(step(static_cast<size_t>(step_)));
    }
    Result result{.outputs = {}, .last = outputs.back(), .cell = {}};
    if (layer_.wants_outputs) {
      Pack pack;
      pack.values_count = steps_;
      pack.axis = 1;
      result.outputs = composer_.emit(pack, std::move(outputs), "outputs");
    }
    return result;
  }

  ValueId initial(size_t i) const {
    return i < layer_.initial_state.size() ? layer_.initial_state[i] : ValueId{};
  }
  Composer& composer() { return composer_; }

 private:
  std::string at(std::string_view part) const {
    return "step_" + std::to_string(step_) + "/" + std::string(part);
  }

  const Layer& layer_;
  const Weights& weights_;
  Composer composer_;
  ValueId x_;
  int32_t steps_ = 0;
  int32_t step_ = 0;
  ValueId gate_axis_;
};

// The bias of both sides, in the first `count` elements; behind them the input's alone.
Floats joined_bias(const Weights& weights, size_t count) {
  Floats bias = weights.bias;
  for (size_t i = 0; i < std::min(count, weights.recurrent_bias.size()); ++i) {
    bias[i] += weights.recurrent_bias[i];
  }
  return bias;
}

}  // namespace

Result unroll_lstm(const Layer& layer, ValueId x) {
  Unroller unroller(layer, x);
  const Weights& weights = layer.weights;
  const auto inputs = unroller.project_input(joined_bias(weights, weights.bias.size()), {4});
  const ValueId recurrent = unroller.recurrent_rows(0, 4, "recurrent_kernel");
  ValueId h = unroller.initial(0);
  ValueId c = unroller.initial(1);
  Result result = unroller.run([&](size_t t) {
    const ValueId sum = unroller.with_state(inputs[t].front(), h, recurrent, "sum");
    const std::vector<ValueId> gates = unroller.split(sum, 4);
    const ValueId in = layer.recurrent_activation(gates[0]);
    const ValueId candidate = layer.activation(gates[2]);
    ValueId cell = unroller.emit<Mul>({in, candidate}, "written");
    if (c.valid()) {
      const ValueId kept = unroller.emit<Mul>({layer.recurrent_activation(gates[1]), c}, "kept");
      cell = unroller.emit<Add>({kept, cell}, "cell");
    }
    c = cell;
    const ValueId out = layer.recurrent_activation(gates[3]);
    h = unroller.emit<Mul>({out, layer.activation(c)}, "output");
    return h;
  });
  result.cell = c;
  return result;
}

Result unroll_gru(const Layer& layer, ValueId x, bool reset_after) {
  Unroller unroller(layer, x);
  const Weights& weights = layer.weights;
  const auto units = static_cast<size_t>(weights.units);
  const auto inputs =
      unroller.project_input(joined_bias(weights, reset_after ? 2 * units : 3 * units), {2, 1});
  const ValueId gate_rows = unroller.recurrent_rows(0, 2, "gate_kernel");
  const ValueId new_rows = unroller.recurrent_rows(2, 1, "new_kernel");
  ValueId new_bias;
  if (reset_after && !weights.recurrent_bias.empty()) {
    const auto begin = weights.recurrent_bias.begin() + static_cast<ptrdiff_t>(2 * units);
    new_bias = unroller.composer().constant("new_bias", {weights.units},
                                            Floats(begin, begin + static_cast<ptrdiff_t>(units)));
  }
  ValueId h = unroller.initial(0);
  return unroller.run([&](size_t t) {
    const ValueId gate_sum = unroller.with_state(inputs[t][0], h, gate_rows, "gate_sum");
    const std::vector<ValueId> gates = unroller.split(layer.recurrent_activation(gate_sum), 2);
    const ValueId update = gates[0];
    const ValueId reset = gates[1];
    ValueId recurrent;
    if (reset_after) {
      recurrent = h.valid() ? unroller.multiply(h, new_rows, new_bias, "new_recurrent") : new_bias;
      if (recurrent.valid()) recurrent = unroller.emit<Mul>({reset, recurrent}, "after_reset");
    } else if (h.valid()) {
      const ValueId kept = unroller.emit<Mul>({reset, h}, "after_reset");
      recurrent = unroller.multiply(kept, new_rows, {}, "new_recurrent");
    }
    ValueId sum = inputs[t][1];
    if (recurrent.valid()) sum = unroller.emit<Add>({sum, recurrent}, "new_sum");
    const ValueId fresh = layer.activation(sum);
    // z h + (1 - z) n = n + z (h - n)
    if (h.valid()) {
      const ValueId difference = unroller.emit<Sub>({h, fresh}, "difference");
      const ValueId kept = unroller.emit<Mul>({update, difference}, "kept");
      h = unroller.emit<Add>({fresh, kept}, "output");
    } else {
      h = unroller.emit<Sub>({fresh, unroller.emit<Mul>({update, fresh}, "kept")}, "output");
    }
    return h;
  });
}

Result unroll_simple(const Layer& layer, ValueId x) {
  Unroller unroller(layer, x);
  const Weights& weights = layer.weights;
  const auto inputs = unroller.project_input(joined_bias(weights, weights.bias.size()), {1});
  const ValueId matrix = unroller.recurrent_rows(0, 1, "recurrent_kernel");
  ValueId h = unroller.initial(0);
  return unroller.run([&](size_t t) {
    return h = layer.activation(unroller.with_state(inputs[t].front(), h, matrix, "sum"));
  });
}

}  // namespace litesmith::recurrent
