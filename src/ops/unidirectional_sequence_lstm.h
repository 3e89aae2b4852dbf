// UNIDIRECTIONAL_SEQUENCE_LSTM: a long short-term memory over a whole sequence.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operands as in lstm_operands.h. Clips are of the cells and of the projection, 0: none.
struct UnidirectionalSequenceLstm : OpOf<UnidirectionalSequenceLstm> {
  Activation activation = Activation::none;  // of the cell gate and of the output: TANH
  float cell_clip = 0;
  float proj_clip = 0;
  bool time_major = false;
  bool asymmetric_quantize_inputs = false;
  bool diagonal_recurrent_tensors = false;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "fused_activation_function", self.activation, Activation::none);
    visit(1, "cell_clip", self.cell_clip, 0.0f);
    visit(2, "proj_clip", self.proj_clip, 0.0f);
    visit(3, "time_major", self.time_major, false);
    visit(4, "asymmetric_quantize_inputs", self.asymmetric_quantize_inputs, false);
    visit(5, "diagonal_recurrent_tensors", self.diagonal_recurrent_tensors, false);
  }
};

}  // namespace litesmith
