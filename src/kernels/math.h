// Elementary functions of float kernels, the same bits on every machine: fixed polynomials, every
// fused multiply-add written out, no table and no branch, so that a compiler turns a loop over them
// into vectors of any width. From the C library only fma, sqrt and fabs are used, which are exact.
//
// Each function states its largest error in ulp, measured against 40-digit arithmetic
// (tests/unit/kernels/math_test.cc sweeps them). Polynomials are minimax fits whose coefficients
// were rounded to float one after the other, lowest first, the others refitted in between.
//
// Internal linkage, and builtins instead of the library's inline functions: these are compiled once
// for each instruction set, and a linker must never give one set's copy to another's caller.
#pragma once

#include <cstdint>

namespace litesmith::kernels {

namespace elementary {

// 2^n for -126 <= n <= 127, by its bits.
static inline float power_of_two(int32_t n) {
  return __builtin_bit_cast(float, static_cast<uint32_t>(n + 127) << 23);
}

// x = n * ln 2 + r with |r| <= 0.347, for |x| < 2^20.
struct Reduced {
  int32_t n;
  float r;
};
static inline Reduced reduce_by_ln2(float x) {
  // Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the sum.
  constexpr float kShifter = 0x1.8p23f;
  const float shifted = __builtin_fmaf(x, 0x1.715476p+0f, kShifter);
  const float n = shifted - kShifter;
  // ln 2 as a float and what it lacks.
  const float r = __builtin_fmaf(n, 0x1.05c61p-29f, __builtin_fmaf(n, -0x1.62e430p-1f, x));
  const auto bits = __builtin_bit_cast(uint32_t, shifted) - __builtin_bit_cast(uint32_t, kShifter);
  return {static_cast<int32_t>(bits), r};
}

// e^r - 1 on |r| <= 0.347, relative error 2^-31 before rounding.
static inline float expm1_polynomial(float r) {
  float p = 0x1.9e6e8ep-13f;
  p = __builtin_fmaf(p, r, 0x1.6d3a48p-10f);
  p = __builtin_fmaf(p, r, 0x1.1112dap-7f);
  p = __builtin_fmaf(p, r, 0x1.5554f8p-5f);
  p = __builtin_fmaf(p, r, 0x1.555554p-3f);
  p = __builtin_fmaf(p, r, 0x1p-1f);
  return __builtin_fmaf(p, r * r, r);
}

// e^x - 1 for -80 <= x <= 80.
static inline float expm1_bounded(float x) {
  const Reduced reduced = reduce_by_ln2(x);
  const float scale = power_of_two(reduced.n);
  return __builtin_fmaf(scale, expm1_polynomial(reduced.r), scale - 1.0f);
}

}  // namespace elementary

// e^x. 1 ulp; 0 and infinity where the result leaves the range of float, subnormals included.
static inline float exp_float(float x) {
  x = x < -104.0f ? -104.0f : x;
  x = x > 89.0f ? 89.0f : x;
  const elementary::Reduced reduced = elementary::reduce_by_ln2(x);
  const float p = elementary::expm1_polynomial(reduced.r);
  // In two steps, since n may lie outside the range of float's exponent.
  const int32_t half = reduced.n >> 1;
  const float first = elementary::power_of_two(half);
  const float second = elementary::power_of_two(reduced.n - half);
  return __builtin_fmaf(first, p, first) * second;
}

// e^x - 1, accurate near 0 too.
static inline float expm1_float(float x) {
  const float bounded = x < -80.0f ? -80.0f : (x > 80.0f ? 80.0f : x);
  const float result = elementary::expm1_bounded(bounded);
  return x > 80.0f ? exp_float(x) : result;
}

static inline float tanh_float(float x) {
  // tanh a = (e^2a - 1) / (e^2a + 1); from a = 9.1 on it is 1 in float.
  float a = __builtin_fabsf(x);
  a = a > 10.0f ? 10.0f : a;
  const float t = elementary::expm1_bounded(a + a);
  return __builtin_copysignf(t / (t + 2.0f), x);
}

// 1 / (1 + e^-x), accurate in both tails.
static inline float logistic_float(float x) {
  const float z = exp_float(-__builtin_fabsf(x));
  const float d = 1.0f / (1.0f + z);
  return x >= 0.0f ? d : z * d;
}

// The natural logarithm.
static inline float log_float(float x) {
  // Subnormals are brought into the range where the exponent can be read off.
  const bool small = x < 0x1p-126f;
  const float normal = small ? x * 0x1p23f : x;
  // normal = 2^e * m with sqrt(1/2) <= m < sqrt 2.
  constexpr uint32_t kSqrtHalf = 0x3f3504f3u;
  const uint32_t bits = __builtin_bit_cast(uint32_t, normal) - kSqrtHalf;
  const int32_t exponent = static_cast<int32_t>(bits) >> 23;
  const float m = __builtin_bit_cast(float, (bits & 0x007fffffu) + kSqrtHalf);
  const float e = static_cast<float>(exponent) - (small ? 23.0f : 0.0f);
  const float f = m - 1.0f;
  float p = -0x1.38bb80p-4f;
  p = __builtin_fmaf(p, f, 0x1.056192p-3f);
  p = __builtin_fmaf(p, f, -0x1.0d85d8p-3f);
  p = __builtin_fmaf(p, f, 0x1.22d8b0p-3f);
  p = __builtin_fmaf(p, f, -0x1.547218p-3f);
  p = __builtin_fmaf(p, f, 0x1.99a022p-3f);
  p = __builtin_fmaf(p, f, -0x1.000228p-2f);
  p = __builtin_fmaf(p, f, 0x1.555554p-2f);
  const float square = f * f;
  float low = __builtin_fmaf(p * f, square, -0.5f * square);
  low = __builtin_fmaf(e, -0x1.05c61p-29f, low);
  float result = __builtin_fmaf(e, 0x1.62e430p-1f, f + low);
  result = x == 0.0f ? -__builtin_inff() : result;
  result = x < 0.0f ? __builtin_bit_cast(float, 0x7fc00000u) : result;
  // Infinity and NaN stay what they are.
  return x < __builtin_inff() ? result : x;
}

// The error function, 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x.
static inline float erf_float(float x) {
  const float a = __builtin_fabsf(x);
  // Up to 1: x + x * P(x^2).
  const float s = x * x;
  float p = 0x1.489c72p-14f;
  p = __builtin_fmaf(p, s, -0x1.a3ac5ep-11f);
  p = __builtin_fmaf(p, s, 0x1.53fbd8p-8f);
  p = __builtin_fmaf(p, s, -0x1.b7f7f0p-6f);
  p = __builtin_fmaf(p, s, 0x1.ce2cecp-4f);
  p = __builtin_fmaf(p, s, -0x1.81273ep-2f);
  p = __builtin_fmaf(p, s, 0x1.06eba8p-3f);
  const float near = __builtin_fmaf(p, x, x);
  // Beyond: 1 - e^-R(a), with R fitted to the logarithm of 1 - erf; from 3.93 on it is 1 in float.
  const float b = a > 3.93f ? 3.93f : a;
  float r = -0x1.86f08ap-13f;
  r = __builtin_fmaf(r, b, 0x1.826598p-9f);
  r = __builtin_fmaf(r, b, -0x1.65d058p-6f);
  r = __builtin_fmaf(r, b, 0x1.a655a0p-4f);
  r = __builtin_fmaf(r, b, 0x1.46ba9ap-1f);
  r = __builtin_fmaf(r, b, 0x1.208902p+0f);
  r = __builtin_fmaf(r, b, 0x1.65c586p-12f);
  const float far = __builtin_copysignf(1.0f - exp_float(-r), x);
  return a > 1.0f ? far : near;
}

}  // namespace litesmith::kernels
