// UNIDIRECTIONAL_SEQUENCE_LSTM, with the operands that TensorFlow's converter gives it.
#include "formats/compose/composer.h"
#include "formats/recurrent/recurrent.h"
#include "ops/lstm_operands.h"
#include "ops/unidirectional_sequence_lstm.h"

namespace litesmith::recurrent {
namespace {

using compose::Composer;

constexpr size_t kOperands = 24;
constexpr std::string_view kGates[] = {"input", "forget", "cell", "output"};

// Rows of gate `gate`.
std::vector<float> rows(const std::vector<float>& matrix, size_t gate, size_t row_size,
                        size_t units) {
  const auto begin = matrix.begin() + static_cast<ptrdiff_t>(gate * units * row_size);
  return {begin, begin + static_cast<ptrdiff_t>(units * row_size)};
}

}  // namespace

ValueId fused_lstm(Graph& graph, const std::string& name, const Weights& weights, ValueId x) {
  Composer composer(graph, name);
  const auto units = static_cast<size_t>(weights.units);
  std::vector<ValueId> operands(kOperands);
  operands[lstm::kInput] = x;
  for (size_t gate = 0; gate < std::size(kGates); ++gate) {
    const std::string gate_name(kGates[gate]);
    operands[lstm::kInputWeights + gate] =
        composer.constant(gate_name + "_kernel", {weights.units, weights.inputs},
                          rows(weights.kernel, gate, static_cast<size_t>(weights.inputs), units));
    operands[lstm::kRecurrentWeights + gate] =
        composer.constant(gate_name + "_recurrent_kernel", {weights.units, weights.units},
                          rows(weights.recurrent, gate, units, units));
    operands[lstm::kBias + gate] =
        composer.constant(gate_name + "_bias", {weights.units}, rows(weights.bias, gate, 1, units));
  }
  const int32_t batch = composer.shape(x)[0];
  operands[lstm::kOutputState] = composer.variable("output_state", {batch, weights.units});
  operands[lstm::kCellState] = composer.variable("cell_state", {batch, weights.units});
  UnidirectionalSequenceLstm op;
  op.activation = Activation::tanh;
  return composer.emit(op, std::move(operands), "lstm");
}

}  // namespace litesmith::recurrent
