// The products of planar_conv.h: vectors of windows that stand side by side, a weight in every
// lane.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {
namespace {

// Vectors of windows that are summed together: with few outputs several, so that additions need not
// wait for each other.
constexpr int vectors_for(int outputs) { return outputs <= 2 ? 4 : outputs <= 4 ? 2 : 1; }

template <int outputs, int vectors>
void sum_windows(const PlanarConvCall& call, const float* window, int32_t count, float* out) {
  F32 acc[outputs][vectors];
#pragma GCC unroll 8
  for (int o = 0; o < outputs; ++o) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) acc[o][v] = broadcast<F32>(call.start[o]);
  }
  const int32_t* const steps = call.steps;
  const float* weights = call.weights;
  const int32_t terms = call.step_count;
  for (int32_t term = 0; term < terms; ++term, weights += outputs) {
    const float* const at = window + steps[term];
    F32 x[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) x[v] = load<F32>(at + v * lanes);
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o) {
      const F32 w = broadcast<F32>(weights[o]);
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) acc[o][v] = fused_multiply_add(x[v], w, acc[o][v]);
    }
  }
  const F32 low = broadcast<F32>(call.min);
  const F32 high = broadcast<F32>(call.max);
  float sums[outputs][vectors * lanes];
#pragma GCC unroll 8
  for (int o = 0; o < outputs; ++o) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) store(&sums[o][v * lanes], clamp(acc[o][v], low, high));
  }
  const auto put = [&](ptrdiff_t step) __attribute__((always_inline)) {
    for (int32_t i = 0; i < count; ++i) {
#pragma GCC unroll 8
      for (int o = 0; o < outputs; ++o) out[i * step + o] = sums[o][i];
    }
  };
  if (call.output_step == outputs) {
    put(outputs);  // a constant
  } else {
    put(call.output_step);
  }
}

// The windows of a row that are left, in as few vectors as hold them.
template <int outputs, int vectors>
[[gnu::always_inline]] inline void sum_rest(const PlanarConvCall& call, const float* window,
                                            int32_t count, float* out) {
  if constexpr (vectors > 1) {
    if (count <= (vectors - 1) * lanes) {
      return sum_rest<outputs, vectors - 1>(call, window, count, out);
    }
  }
  sum_windows<outputs, vectors>(call, window, count, out);
}

template <int outputs>
void sum_rows(const PlanarConvCall& call) {
  constexpr int vectors = vectors_for(outputs);
  const float* row = call.image;
  float* out = call.output;
  for (int32_t y = 0; y < call.rows; ++y, row += call.row_step) {
    int32_t column = 0;
    for (; call.columns - column > vectors * lanes; column += vectors * lanes) {
      sum_windows<outputs, vectors>(call, row + column, vectors * lanes, out);
      out += vectors * lanes * call.output_step;
    }
    const int32_t rest = call.columns - column;
    sum_rest<outputs, vectors>(call, row + column, rest, out);
    out += rest * call.output_step;
  }
}

}  // namespace

void planar_conv(const PlanarConvCall& call) {
  static_assert(planar_outputs == 8);
  switch (call.outputs) {
    case 1:
      return sum_rows<1>(call);
    case 2:
      return sum_rows<2>(call);
    case 3:
      return sum_rows<3>(call);
    case 4:
      return sum_rows<4>(call);
    case 5:
      return sum_rows<5>(call);
    case 6:
      return sum_rows<6>(call);
    case 7:
      return sum_rows<7>(call);
    default:
      return sum_rows<8>(call);
  }
}

}  // namespace litesmith::kernels::LITESMITH_ISA
