// Vectors as wide as the instruction set this file is compiled for, in the vector extension of g++
// and clang; only what that extension cannot say is written with intrinsics.
//
// Everything in this folder is compiled several times, with LITESMITH_ISA naming the level and the
// namespace (cmake/LitesmithMultiIsa.cmake). Code here must not define anything outside that
// namespace, not even through an inline function of another header: the linker would keep one copy,
// of whichever level. tests/unit/kernels/multi_isa_symbols.cmake checks it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#ifndef LITESMITH_ISA
#error "compiled by cmake/LitesmithMultiIsa.cmake only"
#endif

namespace litesmith::kernels::LITESMITH_ISA {

// LITESMITH_HALF_VECTORS: AVX-512, with its masks and registers, on 256 bits.
#if defined(__AVX512BW__) && !defined(LITESMITH_HALF_VECTORS)
#define LITESMITH_WHOLE_AVX512 1
#endif

#if defined(LITESMITH_WHOLE_AVX512)
inline constexpr int vector_bytes = 64;
#elif defined(__AVX2__)
inline constexpr int vector_bytes = 32;
#else
inline constexpr int vector_bytes = 16;
#endif
inline constexpr int lanes = vector_bytes / 4;  // of 32-bit elements

// Accumulators of a tile: pixels x vectors, as many as leave registers for operands.
#if defined(LITESMITH_HALF_VECTORS)
inline constexpr int max_vectors = 1;  // made for no more channels
inline constexpr int max_pixels = 8;
#elif defined(LITESMITH_WHOLE_AVX512) || defined(__aarch64__)
inline constexpr int max_vectors = 4;
inline constexpr int max_pixels = 6;
#elif defined(__AVX2__)
inline constexpr int max_vectors = 2;
inline constexpr int max_pixels = 6;
#else
inline constexpr int max_vectors = 2;
inline constexpr int max_pixels = 4;
#endif

using F32 = float __attribute__((vector_size(vector_bytes)));
using I32 = int32_t __attribute__((vector_size(vector_bytes)));
using I16 = int16_t __attribute__((vector_size(vector_bytes)));
using I8 = int8_t __attribute__((vector_size(vector_bytes)));
// As many lanes as I32 has halves: what one 64-bit vector is made of.
using I64 = int64_t __attribute__((vector_size(vector_bytes)));
using F64 = double __attribute__((vector_size(vector_bytes)));
using HalfI32 = int32_t __attribute__((vector_size(vector_bytes / 2)));
using HalfI16 = int16_t __attribute__((vector_size(vector_bytes / 2)));

template <class V, class T>
[[gnu::always_inline]] inline V load(const T* from) {
  V result;
  std::memcpy(&result, from, sizeof(V));
  return result;
}
template <class V, class T>
[[gnu::always_inline]] inline void store(T* to, V value) {
  std::memcpy(to, &value, sizeof(V));
}
// The first `count` lanes, fewer than all.
[[gnu::always_inline]] inline void store_first(float* to, F32 value, int32_t count) {
#if defined(LITESMITH_WHOLE_AVX512)
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1U << count) - 1U),
                        reinterpret_cast<__m512>(value));
#elif defined(__AVX512BW__)
  _mm256_mask_storeu_ps(to, static_cast<__mmask8>((1U << count) - 1U),
                        reinterpret_cast<__m256>(value));
#else
  float all[lanes];
  store(all, value);
  for (int32_t i = 0; i < count; ++i) to[i] = all[i];
#endif
}
// The first `count` bytes, fewer than all, zeros behind them.
[[gnu::always_inline]] inline I8 load_first(const int8_t* from, int32_t count) {
#if defined(LITESMITH_WHOLE_AVX512)
  return reinterpret_cast<I8>(_mm512_maskz_loadu_epi8((__mmask64{1} << count) - 1U, from));
#else
  I8 all = {};
  std::memcpy(&all, from, static_cast<size_t>(count));
  return all;
#endif
}
template <class V, class T>
[[gnu::always_inline]] inline V broadcast(T value) {
  return value - V{};  // not +: -0 must stay -0
}
// The 32 bits at `from` in every lane.
template <class V, class T>
[[gnu::always_inline]] inline V broadcast_bits(const T* from) {
  int32_t bits;
  std::memcpy(&bits, from, sizeof(bits));
  return reinterpret_cast<V>(broadcast<I32>(bits));
}

// a * b + c, rounded once.
[[gnu::always_inline]] inline F32 fused_multiply_add(F32 a, F32 b, F32 c) {
#if defined(LITESMITH_WHOLE_AVX512)
  return reinterpret_cast<F32>(_mm512_fmadd_ps(
      reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b), reinterpret_cast<__m512>(c)));
#elif defined(__FMA__)
  return reinterpret_cast<F32>(_mm256_fmadd_ps(
      reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b), reinterpret_cast<__m256>(c)));
#elif defined(__aarch64__)
  return reinterpret_cast<F32>(vfmaq_f32(reinterpret_cast<float32x4_t>(c),
                                         reinterpret_cast<float32x4_t>(a),
                                         reinterpret_cast<float32x4_t>(b)));
#else
  F32 result;
  for (int i = 0; i < lanes; ++i) result[i] = __builtin_fmaf(a[i], b[i], c[i]);
  return result;
#endif
}

// a[2i] * b[2i] + a[2i+1] * b[2i+1], in int32.
[[gnu::always_inline]] inline I32 multiply_pairs(I16 a, I16 b) {
#if defined(LITESMITH_WHOLE_AVX512)
  return reinterpret_cast<I32>(
      _mm512_madd_epi16(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<I32>(
      _mm256_madd_epi16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#elif defined(__x86_64__)
  return reinterpret_cast<I32>(
      _mm_madd_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#elif defined(__aarch64__)
  const auto x = reinterpret_cast<int16x8_t>(a);
  const auto y = reinterpret_cast<int16x8_t>(b);
  return reinterpret_cast<I32>(
      vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y)));
#else
  I32 result;
  for (int i = 0; i < lanes; ++i) {
    result[i] = int32_t{a[2 * i]} * b[2 * i] + int32_t{a[2 * i + 1]} * b[2 * i + 1];
  }
  return result;
#endif
}

// VNNI, on vectors of 512 bits or, as AVX-VNNI, of 256. In assembly, because g++ 12 copies the
// accumulator of an intrinsic through a second register, every time.
#if defined(__AVXVNNI__)
#define LITESMITH_VNNI "%{vex%} "  // or the assembler takes AVX-512's encoding
#elif defined(__AVX512VNNI__)
#define LITESMITH_VNNI ""
#endif

// acc + multiply_pairs(a, b)
[[gnu::always_inline]] inline I32 add_pairs(I32 acc, I16 a, I16 b) {
#if defined(LITESMITH_VNNI)
  asm(LITESMITH_VNNI "vpdpwssd %2, %1, %0" : "+v"(acc) : "v"(a), "v"(b));
  return acc;
#else
  return acc + multiply_pairs(a, b);
#endif
}

// acc + the four products in each lane, b signed, a as an image of int8 is made ready for it: with
// dot_offset added.
#if defined(LITESMITH_VNNI)
#define LITESMITH_HAS_DOT 1
inline constexpr int32_t dot_offset = 128;  // VPDPBUSD takes a unsigned
[[gnu::always_inline]] inline I32 add_dot(I32 acc, I8 a, I8 b) {
  asm(LITESMITH_VNNI "vpdpbusd %2, %1, %0" : "+v"(acc) : "v"(a), "v"(b));
  return acc;
}
#elif defined(__ARM_FEATURE_DOTPROD)
#define LITESMITH_HAS_DOT 1
inline constexpr int32_t dot_offset = 0;  // SDOT takes both signed
[[gnu::always_inline]] inline I32 add_dot(I32 acc, I8 a, I8 b) {
  return reinterpret_cast<I32>(vdotq_s32(reinterpret_cast<int32x4_t>(acc),
                                         reinterpret_cast<int8x16_t>(a),
                                         reinterpret_cast<int8x16_t>(b)));
}
#else
inline constexpr int32_t dot_offset = 0;  // nobody asks
#endif

// acc[i] = single(acc[i], a, b[i]), where `single` is one instruction, in one asm statement: g++ 12
// has the accumulators of several change registers with each other, by copies, between the rounds
// of some loops.
#if defined(LITESMITH_VNNI)
#define LITESMITH_ADD(name, b, a, acc) LITESMITH_VNNI name " %" #b ", %" #a ", %" #acc "\n\t"
#define LITESMITH_ADD_ALL(name, single)                                                        \
  if constexpr (n == 4) {                                                                      \
    asm(LITESMITH_ADD(name, 5, 4, 0) LITESMITH_ADD(name, 6, 4, 1) LITESMITH_ADD(name, 7, 4, 2) \
            LITESMITH_ADD(name, 8, 4, 3)                                                       \
        : "+&v"(acc[0]), "+&v"(acc[1]), "+&v"(acc[2]), "+&v"(acc[3])                           \
        : "v"(a), "v"(b[0]), "v"(b[1]), "v"(b[2]), "v"(b[3]));                                 \
  } else if constexpr (n == 3) {                                                               \
    asm(LITESMITH_ADD(name, 4, 3, 0) LITESMITH_ADD(name, 5, 3, 1) LITESMITH_ADD(name, 6, 3, 2) \
        : "+&v"(acc[0]), "+&v"(acc[1]), "+&v"(acc[2])                                          \
        : "v"(a), "v"(b[0]), "v"(b[1]), "v"(b[2]));                                            \
  } else if constexpr (n == 2) {                                                               \
    asm(LITESMITH_ADD(name, 3, 2, 0) LITESMITH_ADD(name, 4, 2, 1)                              \
        : "+&v"(acc[0]), "+&v"(acc[1])                                                         \
        : "v"(a), "v"(b[0]), "v"(b[1]));                                                       \
  } else {                                                                                     \
    static_assert(n == 1);                                                                     \
    acc[0] = single(acc[0], a, b[0]);                                                          \
  }
#else
#define LITESMITH_ADD_ALL(name, single) \
  _Pragma("GCC unroll 8") for (int i = 0; i < n; ++i) acc[i] = single(acc[i], a, b[i]);
#endif
template <int n>
[[gnu::always_inline]] inline void add_pairs_to_all(I32 (&acc)[n], I16 a, const I16 (&b)[n]) {
  LITESMITH_ADD_ALL("vpdpwssd", add_pairs)
}
#if defined(LITESMITH_HAS_DOT)
template <int n>
[[gnu::always_inline]] inline void add_dot_to_all(I32 (&acc)[n], I8 a, const I8 (&b)[n]) {
  LITESMITH_ADD_ALL("vpdpbusd", add_dot)
}
#endif
#undef LITESMITH_ADD_ALL
#undef LITESMITH_ADD
#undef LITESMITH_VNNI

// Products of the low 32 bits of each lane.
[[gnu::always_inline]] inline I64 multiply_low(I64 a, I64 b) {
#if defined(LITESMITH_WHOLE_AVX512)
  return reinterpret_cast<I64>(
      _mm512_mul_epi32(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<I64>(
      _mm256_mul_epi32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#else
  return a * b;
#endif
}

// As many bytes or 16-bit integers as I32 has lanes, each in a lane: g++ 12 makes one by one what
// __builtin_convertvector says of bytes.
[[gnu::always_inline]] inline I32 load_widened(const uint8_t* from) {
#if defined(LITESMITH_WHOLE_AVX512)
  return reinterpret_cast<I32>(
      _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
#elif defined(__AVX2__)
  return reinterpret_cast<I32>(
      _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
#elif defined(__x86_64__)
  int32_t bytes;
  std::memcpy(&bytes, from, sizeof(bytes));
  const __m128i zero = _mm_setzero_si128();
  return reinterpret_cast<I32>(
      _mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(bytes), zero), zero));
#else
  using Bytes = uint8_t __attribute__((vector_size(lanes)));
  return __builtin_convertvector(load<Bytes>(from), I32);
#endif
}
[[gnu::always_inline]] inline I32 load_widened(const int8_t* from) {
  const I32 bytes = load_widened(reinterpret_cast<const uint8_t*>(from));
  return (bytes ^ 0x80) - 0x80;
}
[[gnu::always_inline]] inline I32 load_widened(const int16_t* from) {
  return __builtin_convertvector(load<HalfI16>(from), I32);
}

// Adds each lane of a vector in memory to the int64 of its place.
[[gnu::always_inline]] inline void add_widened(int64_t* sums, const I32& from) {
  const auto* const first = reinterpret_cast<const int32_t*>(&from);
#pragma GCC unroll 2
  for (int i = 0; i < lanes; i += lanes / 2) {
    store(sums + i, load<I64>(sums + i) + __builtin_convertvector(load<HalfI32>(first + i), I64));
  }
}

// To the nearest integers, halves to even, of numbers that int32 holds.
[[gnu::always_inline]] inline I32 round_half_even(F32 x) {
#if defined(LITESMITH_WHOLE_AVX512)
  return reinterpret_cast<I32>(_mm512_cvtps_epi32(reinterpret_cast<__m512>(x)));
#elif defined(__AVX2__)
  return reinterpret_cast<I32>(_mm256_cvtps_epi32(reinterpret_cast<__m256>(x)));
#elif defined(__x86_64__)
  return reinterpret_cast<I32>(_mm_cvtps_epi32(reinterpret_cast<__m128>(x)));
#elif defined(__aarch64__)
  return reinterpret_cast<I32>(vcvtnq_s32_f32(reinterpret_cast<float32x4_t>(x)));
#else
  I32 result;
  for (int i = 0; i < lanes; ++i) result[i] = static_cast<int32_t>(__builtin_nearbyintf(x[i]));
  return result;
#endif
}

// What is no number is passed over, as max_pool does.
template <class V>
[[gnu::always_inline]] inline V larger(V best, V x) {
  return best < x ? x : best;
}

// Within bounds; what is no number stays so.
template <class V>
[[gnu::always_inline]] inline V clamp(V x, V low, V high) {
  const V at_least = x < low ? low : x;
  return high < at_least ? high : at_least;
}

}  // namespace litesmith::kernels::LITESMITH_ISA
