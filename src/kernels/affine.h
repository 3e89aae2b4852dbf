// QUANTIZE and DEQUANTIZE: between float and integers, and from one integer scale to another
// (LiteRT kernels/quantize.cc, dequantize.cc; XNNPACK f32-qs8-vcvt, qs8-f32-vcvt, qs8-vcvt).
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {

// From float. reference: the quotient, halves away from zero. vector: LiteRT's optimized kernels in
// whole groups of 8, the product with 1 / scale, halves to even; the rest of a tensor is divided in
// double, halves away. xnnpack: the product, clamped, halves to even.
enum class FloatRounding { reference, vector, xnnpack };
struct AffineScale {
  float scale = 1;
  int32_t zero_point = 0;
};
template <class T>
void quantize(FloatRounding rounding, const AffineScale& quantization, const float* in, T* out,
              int64_t count);

// Tensors with a scale for each of `channels`: elements are [outer, channel, inner].
struct Channels {
  std::vector<AffineScale> scales;
  int64_t outer = 1;
  int64_t inner = 1;
};
template <class T>
void quantize(const Channels& channels, const float* in, T* out);

// To float. product: scale * (q - zero_point), as a double product that is rounded once or, what is
// the same, a float one. moved: q * scale plus a zero point that was scaled before, which is what
// LiteRT's vector code does in whole groups of 8.
enum class Dequantization { product, moved };
template <class T>
void dequantize(Dequantization way, const AffineScale& quantization, const T* in, float* out,
                int64_t count);
template <class T>
void dequantize(const Channels& channels, const T* in, float* out);

// Integer to integer.
struct CodeRequantization {
  Multiplier multiplier;
  int32_t zero_point_in = 0;
  int32_t zero_point_out = 0;
  // Whole groups of this many elements round halves of the shift up; 0: none do.
  int64_t half_up_group = 0;
};
template <class In, class Out>
void requantize(const CodeRequantization& requantization, const In* in, Out* out, int64_t count);

struct XnnpackRequantization {
  int32_t multiplier = 0;  // in steps of 1/256
  int32_t zero_point_in = 0;
  int32_t zero_point_out = 0;
};
template <class T>
void requantize(const XnnpackRequantization& requantization, const T* in, T* out, int64_t count);

}  // namespace litesmith::kernels
