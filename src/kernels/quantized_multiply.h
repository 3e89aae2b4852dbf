// MUL, DIV and SQUARED_DIFFERENCE of quantized tensors (LiteRT kernels/mul.cc, div.cc,
// squared_difference.cc; XNNPACK qs8-vmul).
#pragma once

#include <cstdint>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {

// The 16 bits that LiteRT's vector code narrows an 8-bit product to before it adds the zero point.
// The sum may wrap, so that products far outside the output's range come out at the wrong end.
enum class Narrowing {
  none,       // scalar code
  saturates,  // to 16 bits, then the zero point wraps
  wraps,
};

struct Product {
  int32_t zero_point_first = 0;
  int32_t zero_point_second = 0;
  int32_t zero_point_out = 0;
  int32_t min = 0;
  int32_t max = 0;
};

// Both integer products below: out[i] = first[i * step_first] * second[i * step_second].
struct Multiplication : Product {
  Multiplier multiplier;  // scale_first * scale_second / scale_out
  // In whole groups of this many elements of a run; the rest is scalar code.
  Narrowing narrowing = Narrowing::none;
  int64_t group = 1;
};
template <class T>
void multiply(const Multiplication& multiplication, const T* first, int64_t step_first,
              const T* second, int64_t step_second, T* out, int64_t count);

struct XnnpackMultiplication : Product {
  float scale = 1;
};
template <class T>
void multiply(const XnnpackMultiplication& multiplication, const T* first, int64_t step_first,
              const T* second, int64_t step_second, T* out, int64_t count);

// A quotient by way of a fixed-point reciprocal. LiteRT refuses to divide by zero when it meets
// one; here the quotient is then the largest or smallest output, or zero for 0 / 0.
struct Division : Product {
  Multiplier multiplier;  // scale_first / (scale_second * scale_out)
};
template <class T>
void divide(const Division& division, const T* first, int64_t step_first, const T* second,
            int64_t step_second, T* out, int64_t count);

// (first - second)^2, with both operands scaled to twice the larger scale and 7 bits more.
struct SquaredDifferences : Product {
  Multiplier first;
  Multiplier second;
  Multiplier out;
};
SquaredDifferences prepare_squared_differences(float scale_first, float scale_second,
                                               float scale_out);
void squared_difference(const SquaredDifferences& differences, const int8_t* first,
                        int64_t step_first, const int8_t* second, int64_t step_second, int8_t* out,
                        int64_t count);

}  // namespace litesmith::kernels
