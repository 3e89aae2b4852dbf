#include "ops/unidirectional_sequence_lstm.h"

#include "ir/graph.h"
#include "ops/lstm_operands.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  return infer_lstm(node, lstm_sizes(node, true, node.as<UnidirectionalSequenceLstm>().time_major));
}

// op_version.cc looks at the types of the input and of one weight.
int version(const NodeView& node) {
  const auto& op = node.as<UnidirectionalSequenceLstm>();
  const DType weights = node.input(lstm::kInputWeights + lstm::kForgetGate).dtype;
  const DType input = node.input(lstm::kInput).dtype;
  if (input == DType::int16 && weights == DType::int8) return 5;
  if (op.diagonal_recurrent_tensors) return 4;
  if (input == DType::float32 && weights == DType::int8) {
    return op.asymmetric_quantize_inputs ? 3 : 2;
  }
  return 1;
}

OwnRules own_rules(const NodeView& node) {
  const auto& op = node.as<UnidirectionalSequenceLstm>();
  return lstm_own_rules(node, op.activation);
}

}  // namespace

const OpDef& UnidirectionalSequenceLstm::definition() {
  static const OpDef def = {
      .code = 44,
      .name = "UNIDIRECTIONAL_SEQUENCE_LSTM",
      .options_tag = 71,
      .make = make_op<UnidirectionalSequenceLstm>,
      .infer = infer,
      .version = version,
      .runtime_versions = {"1.13.1", "1.14.0", "2.3.0", "2.12.0"},
      .quant = {.int8 = true,
                .int16_tflm = true,
                .version_int16 = 5,
                .hybrid = lstm_hybrid_weights(),
                .hybrid_together = true,
                .own_rules = own_rules},
      .set_asymmetric_inputs = set_asymmetric_inputs<UnidirectionalSequenceLstm>};
  return def;
}

}  // namespace litesmith
