// The long short-term memory (Hochreiter and Schmidhuber, "Long short-term memory", 1997; with
// peepholes, a projection and layer normalization as in Sak et al., 2014), in float, in float with
// int8 weights, and in integers as LiteRT's lstm_eval.cc computes it. In each step, of the input x
// and the states h (output) and c (cell),
//
//   i, f, o = logistic(W x + R h + p * c + b)      the gates; o looks at the new c
//   g = tanh(W x + R h + b)
//   c' = clip(f * c + i * g)                       i = 1 - f where the gates are coupled
//   h' = clip(P (o * tanh(c')) + b_P)              without a projection o * tanh(c')
//
// With layer normalization a gate's sum is brought to mean 0 and variance 1 over the cells, and
// multiplied by coefficients, before b is added.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/conv.h"
#include "kernels/dynamic_quantization.h"
#include "kernels/fixed_point.h"
#include "kernels/kernel_set.h"
#include "kernels/lstm_cell.h"

namespace litesmith::kernels {

struct LstmShape {
  int32_t batch = 1;
  int32_t steps = 1;
  int32_t inputs = 0;
  int32_t cells = 0;
  int32_t outputs = 0;
  bool time_major = false;  // a sequence is [time, batch, ...], else [batch, time, ...]

  // Where step `step` of sample `sample` begins in a sequence of rows.
  size_t row(int32_t sample, int32_t step) const {
    return time_major ? static_cast<size_t>(step) * static_cast<size_t>(batch) +
                            static_cast<size_t>(sample)
                      : static_cast<size_t>(sample) * static_cast<size_t>(steps) +
                            static_cast<size_t>(step);
  }
};

// Of the input, forget, cell and output gate, in this order. What is empty is absent.
template <class Weight>
struct LstmWeights {
  std::array<std::span<const Weight>, 4> input;      // [cells, inputs]
  std::array<std::span<const Weight>, 4> recurrent;  // [cells, outputs]
  std::array<std::span<const float>, 4> peephole;    // [cells]
  std::array<std::span<const float>, 4> bias;
  std::array<std::span<const float>, 4> layer_norm;
  std::span<const Weight> projection;  // [outputs, cells]
  std::span<const float> projection_bias;

  bool coupled() const { return input[0].empty(); }
};

// Float weights: all gates are rows of one dense layer over the input and the output state, in this
// order of summation.
class FloatLstm {
 public:
  FloatLstm(const KernelSet& set, const LstmShape& shape, const LstmWeights<float>& weights,
            const LstmOptions& options);

  size_t scratch_bytes() const;
  // `input` and `output` are sequences; the states are [batch, outputs] and [batch, cells].
  // `ranges`, when there are five: notes of the gates' sums before layer normalization and of what
  // the projection takes.
  void run(const float* input, float* output_state, float* cell_state, float* output,
           std::byte* scratch, std::span<float* const> ranges = {}) const;

 private:
  LstmShape shape_;
  LstmOptions options_;
  const ElementKernels& elements_;
  std::array<std::span<const float>, 4> peephole_;
  std::array<std::span<const float>, 4> layer_norm_;
  std::array<std::span<const float>, 4> bias_;
  bool coupled_;
  std::unique_ptr<FloatConv> gates_;
  std::unique_ptr<FloatConv> projection_;
};

// int8 weights of one scale a matrix: input, output state and what is projected are quantized row
// by row as they come.
class HybridLstm {
 public:
  struct Scales {
    std::array<float, 4> input;
    std::array<float, 4> recurrent;
    float projection = 1;
  };
  HybridLstm(const KernelSet& set, const LstmShape& shape, const LstmWeights<int8_t>& weights,
             const Scales& scales, DynamicScheme scheme, const LstmOptions& options);

  size_t scratch_bytes() const;
  void run(const float* input, float* output_state, float* cell_state, float* output,
           std::byte* scratch) const;

 private:
  LstmShape shape_;
  LstmOptions options_;
  const ElementKernels& elements_;
  LstmWeights<int8_t> weights_;
  Scales scales_;
  DynamicScheme scheme_;
};

// A row of an integer matrix times a vector.
inline int32_t dot(const int8_t* a, const int8_t* b, size_t n) {
  int32_t sum = 0;
  for (size_t i = 0; i < n; ++i) sum += int32_t{a[i]} * b[i];
  return sum;
}

// int8 in and out, int16 cells: LiteRT's 8x8_16. A gate's sums are kept in int16 of Q3.12.
class IntegerLstm {
 public:
  struct Gate {
    std::span<const int8_t> input;
    std::span<const int8_t> recurrent;
    std::vector<int32_t> input_start;      // the bias, less the zero point times the weights' sums
    std::vector<int32_t> recurrent_start;  // the same of the output state
    Multiplier input_multiplier;
    Multiplier recurrent_multiplier;
    std::span<const int16_t> peephole;
    Multiplier peephole_multiplier;
    std::span<const int16_t> layer_norm;
    std::span<const int32_t> layer_norm_bias;
    Multiplier layer_norm_multiplier;
    int32_t variance_guard = 1;  // stands for a variance that rounds to zero
  };
  struct Parameters {
    std::array<Gate, 4> gates;
    int cell_exponent = -11;  // cells are in steps of 2^this
    int16_t cell_clip = 0;    // 0: none
    int8_t proj_clip = 0;
    Multiplier hidden_multiplier;
    int32_t hidden_zero_point = 0;
    std::span<const int8_t> projection;
    std::vector<int32_t> projection_start;
    Multiplier projection_multiplier;
    int32_t output_zero_point = 0;
  };
  IntegerLstm(const LstmShape& shape, Parameters parameters);

  size_t scratch_bytes() const;
  void run(const int8_t* input, int8_t* output_state, int16_t* cell_state, int8_t* output,
           std::byte* scratch) const;

 private:
  size_t together() const;
  void add_gate(const Gate& gate, const int8_t* input, const int8_t* output_state,
                const int16_t* cell_state, int16_t* sums) const;
  void step(const int8_t* input, int8_t* output_state, int16_t* cell_state, int16_t* gates,
            int8_t* hidden) const;

  LstmShape shape_;
  Parameters p_;
};

}  // namespace litesmith::kernels
