// One float product, halves to even, to int8, where the type is the only bound: narrowing
// saturates, so nothing else has to clamp. Of finish.cc, in AVX-512.
#pragma once

#include "kernels/kernel_set.h"
#include "kernels/multi_isa/simd.h"

#if defined(__AVX512BW__)

namespace litesmith::kernels::LITESMITH_ISA {

[[gnu::always_inline]] inline __m512i rounded_product(const int32_t* acc, F32 scales) {
  return reinterpret_cast<__m512i>(
      round_half_even(__builtin_convertvector(load<I32>(acc), F32) * scales));
}

// Four vectors of sums to one of codes. Packing works within quarters of a vector; the permutation
// brings their parts in order.
[[gnu::always_inline]] inline __m512i narrow_four(const int32_t* acc, const F32 (&scales)[4],
                                                  __m512i zero_point) {
  const __m512i low =
      _mm512_packs_epi32(rounded_product(acc, scales[0]), rounded_product(acc + lanes, scales[1]));
  const __m512i high = _mm512_packs_epi32(rounded_product(acc + 2 * lanes, scales[2]),
                                          rounded_product(acc + 3 * lanes, scales[3]));
  const __m512i bytes =
      _mm512_packs_epi16(_mm512_adds_epi16(low, zero_point), _mm512_adds_epi16(high, zero_point));
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  return _mm512_permutexvar_epi32(order, bytes);
}

// `scales` are those of the tile's first channel and on, `out` is where its first pixel begins.
[[gnu::always_inline]] inline void finish_saturating(const float* scales, int32_t zero_point,
                                                     const Tile& tile, const int32_t* acc,
                                                     int8_t* out, ptrdiff_t output_step) {
  int32_t pixel = 0;
  // Whole vectors of codes, where outputs lie side by side.
  const bool side_by_side = tile.stride == tile.channels && tile.channels == output_step;
  if (tile.channels == 4 * lanes ||
      (side_by_side && (tile.channels == lanes || tile.channels == 2 * lanes))) {
    const int32_t pixels = 4 * lanes / tile.channels;
    F32 s[4];
    for (int32_t i = 0; i < 4; ++i) s[i] = load<F32>(scales + i * lanes % tile.channels);
    const __m512i zero = _mm512_set1_epi16(static_cast<int16_t>(zero_point));
    for (; pixel + pixels <= tile.pixels; pixel += pixels) {
      store(out, narrow_four(acc, s, zero));
      acc += pixels * tile.stride;
      out += pixels * output_step;
    }
  }
  const __m512i zero = _mm512_set1_epi32(zero_point);
  auto narrowed = [&](int32_t i) __attribute__((always_inline)) {
    const __m512i q = rounded_product(acc + i, load<F32>(scales + i));
    return _mm512_cvtsepi32_epi8(_mm512_add_epi32(q, zero));
  };
  for (; pixel < tile.pixels; ++pixel) {
    int32_t i = 0;
    for (; i + lanes <= tile.channels; i += lanes) store(out + i, narrowed(i));
    if (i < tile.channels) {
      int8_t last[lanes];
      store(last, narrowed(i));
      for (int32_t j = 0; i + j < tile.channels; ++j) out[i + j] = last[j];
    }
    acc += tile.stride;
    out += output_step;
  }
}

}  // namespace litesmith::kernels::LITESMITH_ISA

#endif
