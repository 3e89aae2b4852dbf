// The long short-term memory in integers as TFLite Micro computes it (micro/kernels/lstm_eval.h):
// of its reference kernels for dense layers, LOGISTIC, TANH and MUL in int16. The layer is
// lstm.h's, plain: without peepholes, projection, layer normalization and coupled gates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/fixed_point.h"
#include "kernels/int16_sigmoid.h"
#include "kernels/lstm.h"

namespace litesmith::kernels {

// Where LiteRT's 8x8_16 kernel (IntegerLstm) has 16-bit fixed point, this has the table of int16
// LOGISTIC and TANH; the parts of the cells are rounded as MUL rounds; each matrix's sums saturate
// before they are added; and the output has the output state's parameters.
class MicroLstm {
 public:
  struct Parameters {
    std::array<IntegerLstm::Gate, 4> gates;
    SigmoidScale tanh_of_cells;
    int16_t cell_clip = 0;  // 0: none
    Multiplier keeping;     // of forget gate times cell
    Multiplier entering;    // of input gate times candidate
    Multiplier hidden;      // of output gate times tanh of the cell
    int32_t output_zero_point = 0;
  };
  MicroLstm(const LstmShape& shape, Parameters parameters);

  size_t scratch_bytes() const;
  void run(const int8_t* input, int8_t* output_state, int16_t* cell_state, int8_t* output,
           std::byte* scratch) const;

 private:
  void add_gate(const IntegerLstm::Gate& gate, const int8_t* input, const int8_t* output_state,
                int16_t* sums) const;
  void step(const int8_t* input, int8_t* output_state, int16_t* cell_state, int16_t* gates) const;

  LstmShape shape_;
  Parameters p_;
};

}  // namespace litesmith::kernels
