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
#include "ops/reshape.h"
#include "ops/select.h"
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
    if (layer.mask.valid()) unpack_mask();
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

  // What becomes of `state` in this step, `fresh` where it counts; a state not there is zeros.
  ValueId next(ValueId fresh, ValueId state, std::string_view part) {
    if (counts_.empty()) return fresh;
    if (!state.valid()) state = zeros();
    return emit<SelectV2>({counts_[static_cast<size_t>(step_)], fresh, state}, part);
  }

  // Runs `step(t, h)`, which gives the output for the state before it, for every step in the order
  // of the layer; the output is the next state.
  template <class Step>
  Result run(Step&& step) {
    ValueId h = initial(0);
    // Outputs begin with zeros, whatever the state begins with.
    const bool shows_state = counts_.empty() || (!layer_.zeros_for_mask && !h.valid());
    std::vector<ValueId> outputs;
    for (int32_t i = 0; i < steps_; ++i) {
      step_ = layer_.backwards ? steps_ - 1 - i : i;
      const ValueId fresh = step(static_cast<size_t>(step_), h);
      h = next(fresh, h, "state");
      const bool stays = !layer_.zeros_for_mask && !outputs.empty();
      outputs.push_back(shows_state ? h : next(fresh, stays ? outputs.back() : ValueId(), "shown"));
    }
    Result result{.outputs = {}, .last = outputs.back(), .state = h, .cell = {}};
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
  // By step, [batch, 1].
  void unpack_mask() {
    const Shape& shape = composer_.shape(layer_.mask);
    if (shape.size() != 2 || shape[1] != steps_) {
      throw Error(ErrorCode::unsupported, "a mask " + to_string(shape) + " does not fit " +
                                              std::to_string(steps_) + " steps");
    }
    const ValueId wide = composer_.emit(
        ExpandDims(), {layer_.mask, composer_.constant<int32_t>("last", {}, {2})}, "mask_of_steps");
    Unpack op;
    op.num = steps_;
    op.axis = 1;
    counts_ = composer_.emit_all(op, {wide}, "mask_at");
  }
  ValueId zeros() {
    if (!zeros_.valid()) {
      zeros_ = composer_.constant("zeros", {1, weights_.units},
                                  Floats(static_cast<size_t>(weights_.units)));
    }
    return zeros_;
  }
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
  std::vector<ValueId> counts_;  // the mask by step; empty: there is none
  ValueId zeros_;
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
  ValueId c = unroller.initial(1);
  Result result = unroller.run([&](size_t t, ValueId h) {
    const ValueId sum = unroller.with_state(inputs[t].front(), h, recurrent, "sum");
    const std::vector<ValueId> gates = unroller.split(sum, 4);
    const ValueId in = layer.recurrent_activation(gates[0]);
    const ValueId candidate = layer.activation(gates[2]);
    ValueId cell = unroller.emit<Mul>({in, candidate}, "written");
    if (c.valid()) {
      const ValueId kept = unroller.emit<Mul>({layer.recurrent_activation(gates[1]), c}, "kept");
      cell = unroller.emit<Add>({kept, cell}, "cell");
    }
    const ValueId out = layer.recurrent_activation(gates[3]);
    const ValueId output = unroller.emit<Mul>({out, layer.activation(cell)}, "output");
    c = unroller.next(cell, c, "cell_state");
    return output;
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
  return unroller.run([&](size_t t, ValueId h) {
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
      return unroller.emit<Add>({fresh, kept}, "output");
    }
    return unroller.emit<Sub>({fresh, unroller.emit<Mul>({update, fresh}, "kept")}, "output");
  });
}

Result unroll_simple(const Layer& layer, ValueId x) {
  Unroller unroller(layer, x);
  const Weights& weights = layer.weights;
  const auto inputs = unroller.project_input(joined_bias(weights, weights.bias.size()), {1});
  const ValueId matrix = unroller.recurrent_rows(0, 1, "recurrent_kernel");
  return unroller.run([&](size_t t, ValueId h) {
    return layer.activation(unroller.with_state(inputs[t].front(), h, matrix, "sum"));
  });
}

}  // namespace litesmith::recurrent
