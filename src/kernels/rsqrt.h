// SQRT and RSQRT of quantized tensors (LiteRT kernels/elementwise.cc).
#pragma once

#include <cstdint>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {

// The square root in float, cut off to steps of the output. LiteRT refuses a negative input when it
// meets one; here its root is that of zero.
struct SquareRoot {
  float scale_in = 1;
  int32_t zero_point_in = 0;
  float scale_out = 1;
  int32_t zero_point_out = 0;
};
template <class T>
void square_root(const SquareRoot& root, const T* in, T* out, int64_t count);

// 1 / sqrt(x), x > 0, as a multiplier for DoubleRounding (GetInvSqrtQuantizedMultiplierExp).
Multiplier inverse_square_root(int32_t x);

// 1 / sqrt in fixed point, of one code of int8 or int16 (the latter is TFLite Micro's); zero gives
// the largest output, and so do negative inputs, which LiteRT refuses.
struct InverseRoot {
  Multiplier multiplier;  // 1 / (sqrt(scale_in) * scale_out)
  int32_t zero_point_in = 0;
  int32_t zero_point_out = 0;
};
template <class T>
T inverse_root(const InverseRoot& root, T x);

}  // namespace litesmith::kernels
