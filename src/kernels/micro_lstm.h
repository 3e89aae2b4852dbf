// The long short-term memory in integers as TFLite Micro computes it (micro/kernels/lstm_eval.h):
// of its reference kernels for dense layers, LOGISTIC, TANH and MUL in int16. The layer is
// lstm.h's, plain: without peepholes, projection, layer normalization and coupled gates. Input and
// output are int8 or int16.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "kernels/fixed_point.h"
#include "kernels/int16_sigmoid.h"
#include "kernels/lstm.h"

namespace litesmith::kernels {

// Where LiteRT's 8x8_16 kernel (IntegerLstm) has 16-bit fixed point, this has the table of int16
// LOGISTIC and TANH; the parts of the cells are rounded as MUL rounds; each matrix's sums saturate
// before they are added; and the output has the output state's parameters. T: int8_t or int16_t, of
// which the sums are int64 and rounded once.
template <class T>
class MicroLstm {
 public:
  using Rounding = std::conditional_t<sizeof(T) == 1, DoubleRounding, WideRounding>;
  using Sum = typename Rounding::Accumulator;
  struct Gate {
    std::span<const int8_t> input;
    std::span<const int8_t> recurrent;
    std::vector<Sum> input_start;      // the bias, less the zero point times the weights' sums
    std::vector<Sum> recurrent_start;  // the same of the output state
    Multiplier input_multiplier;
    Multiplier recurrent_multiplier;
  };
  struct Parameters {
    std::array<Gate, 4> gates;
    SigmoidScale tanh_of_cells;
    int16_t cell_clip = 0;  // 0: none
    Multiplier keeping;     // of forget gate times cell
    Multiplier entering;    // of input gate times candidate
    Multiplier hidden;      // of output gate times tanh of the cell
    int32_t output_zero_point = 0;
  };
  MicroLstm(const LstmShape& shape, Parameters parameters);

  size_t scratch_bytes() const;
  void run(const T* input, T* output_state, int16_t* cell_state, T* output,
           std::byte* scratch) const;

 private:
  void add_gate(const Gate& gate, const T* input, const T* output_state, int16_t* sums) const;
  void step(const T* input, T* output_state, int16_t* cell_state, int16_t* gates) const;

  LstmShape shape_;
  Parameters p_;
};

}  // namespace litesmith::kernels
