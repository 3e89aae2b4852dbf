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

template <class T, int count>
[[gnu::always_inline]] inline T added_by_halves(T (&s)[count]) {
#pragma GCC unroll 4
  for (int half = count / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) s[i] += s[i + half];
  }
  return s[0];
}

[[gnu::always_inline]] inline float added(const F32 (&sums)[vectors]) {
  float s[side_by_side];
#pragma GCC unroll 4
  for (int v = 0; v < vectors; ++v) store(s + v * lanes, sums[v]);
  return added_by_halves(s);
}

template <int outputs>
void run_outputs(const NarrowDenseCall& call, const float* row, int32_t first, float* out) {
  F32 sums[outputs][vectors] = {};
  add_inputs<outputs>(row, call.inputs, call.weights + first * call.stride, call.stride, sums);
  for (int o = 0; o < outputs; ++o) {
    const float value = added(sums[o]) + call.bias[first + o];
    out[first + o] = clamp(value, call.min, call.max);
  }
}

#if defined(LITESMITH_HAS_DOT)
constexpr int dot_terms = 4 * lanes;  // of a vector of int8

[[gnu::always_inline]] inline uint32_t added(I32 sums) {
  uint32_t s[lanes];
  store(s, sums);
  return added_by_halves(s);
}

// Two sums of each output take turns, so that additions do not wait for each other.
template <int outputs>
[[gnu::always_inline]] inline void dot_outputs(const NarrowDotCall& call, const int8_t* row,
                                               int32_t first, int32_t* sums) {
  const int8_t* const weights = call.weights + first * call.stride;
  I32 acc[2][outputs] = {};
  auto add = [&](I8 x, ptrdiff_t at, int turn) __attribute__((always_inline)) {
    const I8 value = x ^ static_cast<int8_t>(dot_offset);
#pragma GCC unroll 4
    for (int o = 0; o < outputs; ++o) {
      acc[turn][o] = add_dot(acc[turn][o], value, load<I8>(weights + o * call.stride + at));
    }
  };
  ptrdiff_t at = 0;
  for (; at + 2 * dot_terms <= call.inputs; at += 2 * dot_terms) {
    add(load<I8>(row + at), at, 0);
    add(load<I8>(row + at + dot_terms), at + dot_terms, 1);
  }
  if (at + dot_terms <= call.inputs) {
    add(load<I8>(row + at), at, 0);
    at += dot_terms;
  }
  const auto rest = static_cast<int32_t>(call.inputs - at);
  if (rest > 0) add(load_first(row + at, rest), at, 1);
#pragma GCC unroll 4
  for (int o = 0; o < outputs; ++o) {
    const auto start = static_cast<uint32_t>(call.start[first + o]);
    sums[first + o] = static_cast<int32_t>(start + added(acc[0][o] + acc[1][o]));
  }
}
#endif

}  // namespace

#if defined(LITESMITH_HAS_DOT)
void narrow_dot(const NarrowDotCall& call) {
  constexpr int32_t rows_at_once = 8;
  alignas(vector_bytes) int32_t sums[rows_at_once][narrow_outputs] = {};
  const int8_t* row = call.input;
  for (int32_t r = 0; r < call.rows; r += rows_at_once) {
    const int32_t rows = call.rows - r < rows_at_once ? call.rows - r : rows_at_once;
    for (int32_t i = 0; i < rows; ++i, row += call.inputs) {
      int32_t first = 0;
      for (; first + 4 <= call.outputs; first += 4) dot_outputs<4>(call, row, first, sums[i]);
      for (; first + 2 <= call.outputs; first += 2) dot_outputs<2>(call, row, first, sums[i]);
      if (first < call.outputs) dot_outputs<1>(call, row, first, sums[i]);
    }
    call.finish.from32(call.finish.parameters, Tile{r, rows, 0, call.outputs, narrow_outputs},
                       sums[0], call.output, call.outputs);
  }
}
#endif

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
