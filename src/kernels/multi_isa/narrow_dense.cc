// A dense layer of few outputs: a single vector of sums would wait for each addition, so the inputs
// are summed in four quarters side by side.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// One vector of outputs of one row: ((q0 + q1) + (q2 + q3)) + bias.
[[gnu::always_inline]] inline F32 sum_quarters(const float* row, const float* weights,
                                               ptrdiff_t width, int32_t inputs, F32 bias) {
  const ptrdiff_t quarter = inputs / 4;
  F32 sums[4] = {};
  for (ptrdiff_t i = 0; i < quarter; ++i) {
#pragma GCC unroll 4
    for (int q = 0; q < 4; ++q) {
      const ptrdiff_t at = q * quarter + i;
      sums[q] =
          fused_multiply_add(broadcast<F32>(row[at]), load<F32>(weights + at * width), sums[q]);
    }
  }
  for (ptrdiff_t at = 4 * quarter; at < inputs; ++at) {
    sums[3] = fused_multiply_add(broadcast<F32>(row[at]), load<F32>(weights + at * width), sums[3]);
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + bias;
}

}  // namespace

void narrow_dense(const NarrowDenseCall& call) {
  const float* row = call.input;
  float* out = call.output;
  for (int32_t r = 0; r < call.rows; ++r) {
    for (int32_t first = 0; first < call.outputs; first += max_vectors * lanes) {
      const int32_t rest = call.outputs - first;
      const int32_t vectors = rest < max_vectors * lanes ? (rest + lanes - 1) / lanes : max_vectors;
      const float* const weights = call.weights + ptrdiff_t{call.inputs} * first;
      for (int32_t v = 0; v < vectors; ++v) {
        const int32_t channel = first + v * lanes;
        const F32 sum = sum_quarters(row, weights + v * lanes, vectors * lanes, call.inputs,
                                     load<F32>(call.bias + channel));
        const F32 value = clamp(sum, broadcast<F32>(call.min), broadcast<F32>(call.max));
        for (int32_t i = 0; i < lanes && channel + i < call.outputs; ++i) {
          out[channel + i] = value[i];
        }
      }
    }
    row += call.inputs;
    out += call.outputs;
  }
}

}  // namespace litesmith::kernels::LITESMITH_ISA
