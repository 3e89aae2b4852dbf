// Recurrent layers in LiteRT's operators, for every importer.
//
// A long short-term memory has an operator of its own, UNIDIRECTIONAL_SEQUENCE_LSTM; it keeps its
// state in variable tensors and allows one choice of activations. Everything else is unrolled: the
// input's part of all steps is one FULLY_CONNECTED, then every step has its own operators.
// TensorFlow writes a WHILE over the steps instead; unrolled, all five modes treat a step as any
// other layers, each with its own ranges.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace litesmith::recurrent {

// The arrays of one direction, a block of `units` rows for each gate.
struct Weights {
  int32_t units = 0;
  int32_t inputs = 0;
  std::vector<float> kernel;          // [gates * units, inputs]
  std::vector<float> recurrent;       // [gates * units, units]
  std::vector<float> bias;            // [gates * units]
  std::vector<float> recurrent_bias;  // the same, or empty: none
};

// Applies an activation function to a value.
using Function = std::function<ValueId(ValueId)>;

struct Layer {
  Graph& graph;
  std::string name;  // what the names of its values begin with
  const Weights& weights;
  Function activation;            // tanh, as a rule
  Function recurrent_activation;  // of the gates: sigmoid, as a rule; a plain layer has none
  bool backwards = false;         // from the last step to the first
  bool wants_outputs = false;     // the output of every step and not only of the last
  // [batch, units] each, a long short-term memory's the output and the cell; empty: zeros.
  std::vector<ValueId> initial_state = {};
  // Booleans [batch, steps]; a step that is false leaves the state as it was. Its output is zeros,
  // or that of the step before it (zeros before the first). Absent: every step counts.
  ValueId mask = {};
  bool zeros_for_mask = false;
};

struct Result {
  // [batch, steps, units] in the order the steps were taken, absent when not wanted.
  ValueId outputs;
  ValueId last;   // [batch, units], of the last step
  ValueId state;  // the same, but for a mask
  ValueId cell;   // the same, of a long short-term memory
};

// `x` is [batch, steps, inputs] with a known number of steps, kMaxSteps at most; throws
// Error(unsupported) for another, and where the graph would get more than kMaxOperators: a small
// file can ask for many such layers.
constexpr int32_t kMaxSteps = 4096;
constexpr size_t kMaxOperators = size_t{1} << 18;

// Gates in the order input, forget, cell, output (Hochreiter and Schmidhuber, 1997; Gers et al.,
// 2000):
//   i, f, o = recurrent_activation(W x + U h + b), g = activation(W x + U h + b)
//   c' = f c + i g, h' = o activation(c')
Result unroll_lstm(const Layer& layer, ValueId x);

// Gates in the order update, reset, new (Cho et al., 2014):
//   z, r = recurrent_activation(W x + b + U h + b'), h' = z h + (1 - z) n
//   n = activation(W x + b + r (U h + b')) with `reset_after`, as cuDNN has it, otherwise
//   n = activation(W x + b + U (r h) + b')
Result unroll_gru(const Layer& layer, ValueId x, bool reset_after);

// h' = activation(W x + U h + b) (Elman, 1990).
Result unroll_simple(const Layer& layer, ValueId x);

// The operator: [batch, steps, units] of `x` [batch, steps, inputs], the batch known. Gates as in
// unroll_lstm, activations tanh and sigmoid. Its state is zeros when an interpreter is made, and
// after a run what that run left: who runs the file resets it before the next sequence.
ValueId fused_lstm(Graph& graph, const std::string& name, const Weights& weights, ValueId x);

}  // namespace litesmith::recurrent
