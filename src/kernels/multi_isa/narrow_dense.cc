// A dense layer of few outputs. Vectors over the outputs would be empty for the most part, so they
// run over the inputs: sixteen sums side by side whatever the width of a vector, added by halves.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

constexpr int side_by_side = 16;
constexpr int vectors = side_by_side / lanes;

// The sums of so many outputs, whose weights lie `stride` apart, zeros behind the last.
template <int outputs>
[[gnu::always_inline]] inline void add_inputs(const float* row, int32_t inputs,
                                              const float* weights, ptrdiff_t stride,
                                              F32 (&sums)[outputs][vectors]) {
  auto add = [&](const float* x, ptrdiff_t at) __attribute__((always_inline)) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      const F32 value = load<F32>(x + v * lanes);
#pragma GCC unroll 4
      for (int o = 0; o < outputs; ++o) {
        const F32 weight = load<F32>(weights + o * stride + at + v * lanes);
        sums[o][v] = fused_multiply_add(value, weight, sums[o][v]);
      }
    }
  };
  ptrdiff_t at = 0;
  for (; at + side_by_side <= inputs; at += side_by_side) add(row + at, at);
  if (at == inputs) return;
  float rest[side_by_side] = {};
  for (ptrdiff_t i = at; i < inputs; ++i) rest[i - at] = row[i];
  add(rest, at);
}

[[gnu::always_inline]] inline float added_by_halves(const F32 (&sums)[vectors]) {
  float s[side_by_side];
#pragma GCC unroll 4
  for (int v = 0; v < vectors; ++v) store(s + v * lanes, sums[v]);
#pragma GCC unroll 4
  for (int half = side_by_side / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) s[i] += s[i + half];
  }
  return s[0];
}

template <int outputs>
void run_outputs(const NarrowDenseCall& call, const float* row, int32_t first, float* out) {
  F32 sums[outputs][vectors] = {};
  add_inputs<outputs>(row, call.inputs, call.weights + first * call.stride, call.stride, sums);
  for (int o = 0; o < outputs; ++o) {
    const float value = added_by_halves(sums[o]) + call.bias[first + o];
    out[first + o] = clamp(value, call.min, call.max);
  }
}

}  // namespace

void narrow_dense(const NarrowDenseCall& call) {
  const float* row = call.input;
  float* out = call.output;
  for (int32_t r = 0; r < call.rows; ++r) {
    int32_t first = 0;
    for (; first + 4 <= call.outputs; first += 4) run_outputs<4>(call, row, first, out);
    for (; first + 2 <= call.outputs; first += 2) run_outputs<2>(call, row, first, out);
    if (first < call.outputs) run_outputs<1>(call, row, first, out);
    row += call.inputs;
    out += call.outputs;
  }
}

}  // namespace litesmith::kernels::LITESMITH_ISA
