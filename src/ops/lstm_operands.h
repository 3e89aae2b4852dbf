// What the ops of the long short-term memory share: their operands, sizes and rules of shape.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ir/graph.h"
#include "ir/op.h"

namespace litesmith {

// The operands by place. Those of the input gate are absent where input and forget gate are
// coupled; peepholes, the projection and the coefficients of layer normalization are absent or all
// there. The states are variable tensors, which the op changes.
namespace lstm {
enum Operand : size_t {
  kInput = 0,
  kInputWeights = 1,      // of the input, forget, cell and output gates
  kRecurrentWeights = 5,  // of the same
  kCellWeights = 9,       // peepholes, of the input, forget and output gates
  kBias = 12,             // of the four gates
  kProjectionWeights = 16,
  kProjectionBias = 17,
  kOutputState = 18,
  kCellState = 19,
  kLayerNorm = 20,  // coefficients, of the four gates
};
// The gates in the order of the operands, to be added to the first one's place.
inline constexpr size_t kInputGate = 0;
inline constexpr size_t kForgetGate = 1;
inline constexpr size_t kCellGate = 2;
inline constexpr size_t kOutputGate = 3;
// Intermediate values: the sums of the four gates, in their order, then what the projection takes.
inline constexpr size_t kHidden = 4;
inline constexpr size_t kIntermediates = 5;
}  // namespace lstm

struct LstmSizes {
  int32_t batch;
  int32_t steps;
  int32_t inputs;
  int32_t cells;
  int32_t outputs;
  bool time_major;
};

// Checks all operands against each other as LiteRT does. `sequence`: operand 0 is [batch, time,
// inputs], or time first, instead of [batch, inputs]. Throws Error(data) with the operand's place.
LstmSizes lstm_sizes(const NodeView& node, bool sequence, bool time_major);

// The op's one output, for these sizes.
std::vector<InferredOutput> infer_lstm(const NodeView& node, const LstmSizes& sizes);

// The rules of LiteRT's 8x8_16 kernel (tflite/converter/tools/optimize/operator_property.cc): int8
// in and out, cells of int16, and five intermediate values: the sums of the four gates, which only
// layer normalization needs, and what the projection takes. Of the plain layer also those of TFLite
// Micro's 16x8_16 kernel, as its requantize_flatbuffer.py makes such a file of one in int8.
OwnRules lstm_own_rules(const NodeView& node, Activation activation);

// The weights that the hybrid kernel takes as int8, all or none.
std::vector<WeightOperand> lstm_hybrid_weights();

}  // namespace litesmith
