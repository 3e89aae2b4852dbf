// One float product, halves to even, to int8, where the type is the only bound: narrowing
// saturates, so nothing else has to clamp. Of finish.cc, in AVX-512.
#pragma once

#include "kernels/kernel_set.h"
#include "kernels/multi_isa/simd.h"

#if defined(__AVX512BW__)
#define LITESMITH_FINISHES_REGISTERS 1

namespace litesmith::kernels::LITESMITH_ISA {

[[gnu::always_inline]] inline I32 rounded_product(I32 acc, F32 scales) {
  return round_half_even(__builtin_convertvector(acc, F32) * scales);
}
// A code for each lane, in the low bytes.
[[gnu::always_inline]] inline __m128i narrow_one(I32 acc, F32 scales, int32_t zero_point) {
  const I32 codes = rounded_product(acc, scales) + zero_point;
#if defined(LITESMITH_WHOLE_AVX512)
  return _mm512_cvtsepi32_epi8(reinterpret_cast<__m512i>(codes));
#else
  return _mm256_cvtsepi32_epi8(reinterpret_cast<__m256i>(codes));
#endif
}
[[gnu::always_inline]] inline void store_all(int8_t* to, __m128i codes) {
  std::memcpy(to, &codes, lanes);
}

// The first `count` codes, fewer than a vector's, in as few stores as there are ones in `count`.
[[gnu::always_inline]] inline void store_first(int8_t* to, __m128i codes, int32_t count) {
  if ((count & 8) != 0) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), codes);
    codes = _mm_srli_si128(codes, 8);
    to += 8;
  }
  uint64_t rest;
  std::memcpy(&rest, &codes, sizeof(rest));
  for (int32_t bytes = 4; bytes > 0; bytes /= 2) {
    if ((count & bytes) == 0) continue;
    std::memcpy(to, &rest, static_cast<size_t>(bytes));
    rest >>= 8 * bytes;
    to += bytes;
  }
}

// Four vectors of sums to one of codes. Packing works within pieces of 128 bits; the permutation
// brings their parts in order.
[[gnu::always_inline]] inline I8 narrow_four(I32 a, I32 b, I32 c, I32 d, const F32 (&scales)[4],
                                             int32_t zero_point) {
  const auto zero = static_cast<int16_t>(zero_point);
  a = rounded_product(a, scales[0]);
  b = rounded_product(b, scales[1]);
  c = rounded_product(c, scales[2]);
  d = rounded_product(d, scales[3]);
#if defined(LITESMITH_WHOLE_AVX512)
  using Bits = __m512i;
  const Bits low = _mm512_packs_epi32(reinterpret_cast<Bits>(a), reinterpret_cast<Bits>(b));
  const Bits high = _mm512_packs_epi32(reinterpret_cast<Bits>(c), reinterpret_cast<Bits>(d));
  const Bits bytes = _mm512_packs_epi16(_mm512_adds_epi16(low, _mm512_set1_epi16(zero)),
                                        _mm512_adds_epi16(high, _mm512_set1_epi16(zero)));
  const Bits order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  return reinterpret_cast<I8>(_mm512_permutexvar_epi32(order, bytes));
#else
  using Bits = __m256i;
  const Bits low = _mm256_packs_epi32(reinterpret_cast<Bits>(a), reinterpret_cast<Bits>(b));
  const Bits high = _mm256_packs_epi32(reinterpret_cast<Bits>(c), reinterpret_cast<Bits>(d));
  const Bits bytes = _mm256_packs_epi16(_mm256_adds_epi16(low, _mm256_set1_epi16(zero)),
                                        _mm256_adds_epi16(high, _mm256_set1_epi16(zero)));
  const Bits order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  return reinterpret_cast<I8>(_mm256_permutevar8x32_epi32(bytes, order));
#endif
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
    for (; pixel + pixels <= tile.pixels; pixel += pixels) {
      store(out, narrow_four(load<I32>(acc), load<I32>(acc + lanes), load<I32>(acc + 2 * lanes),
                             load<I32>(acc + 3 * lanes), s, zero_point));
      acc += pixels * tile.stride;
      out += pixels * output_step;
    }
  }
  auto narrowed = [&](int32_t i) __attribute__((always_inline)) {
    return narrow_one(load<I32>(acc + i), load<F32>(scales + i), zero_point);
  };
  for (; pixel < tile.pixels; ++pixel) {
    int32_t i = 0;
    for (; i + lanes <= tile.channels; i += lanes) store_all(out + i, narrowed(i));
    if (i < tile.channels) store_first(out + i, narrowed(i), tile.channels - i);
    acc += tile.stride;
    out += output_step;
  }
}

// Sums of a tile straight from their registers, `channels` of them; `out` is where its first pixel
// begins.
template <int pixels, int vectors>
[[gnu::always_inline]] inline void finish_registers(const float* scales, int32_t zero_point,
                                                    const I32 (&acc)[pixels][vectors],
                                                    int32_t channels, int8_t* out,
                                                    ptrdiff_t output_step) {
  constexpr int width = vectors * lanes;
  F32 s[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) s[i] = load<F32>(scales + i % vectors * lanes);
  int first = 0;  // pixel that is not written yet
  if constexpr (vectors != 3) {
    constexpr int together = 4 / vectors;
    if (channels == width && (vectors == 4 || output_step == width)) {
#pragma GCC unroll 8
      for (int p = 0; p + together <= pixels; p += together) {
        auto sum = [&](int i) __attribute__((always_inline)) {
          return acc[p + i / vectors][i % vectors];
        };
        store(out + p * output_step, narrow_four(sum(0), sum(1), sum(2), sum(3), s, zero_point));
      }
      first = pixels / together * together;
    }
  }
#pragma GCC unroll 8
  for (int p = 0; p < pixels; ++p) {
    if (p < first) continue;
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      int8_t* const to = out + p * output_step + v * lanes;
      const __m128i codes = narrow_one(acc[p][v], s[v], zero_point);
      const int32_t rest = channels - v * lanes;
      if (rest >= lanes) {
        store_all(to, codes);
      } else {
        store_first(to, codes, rest);
      }
    }
  }
}

}  // namespace litesmith::kernels::LITESMITH_ISA

#endif
