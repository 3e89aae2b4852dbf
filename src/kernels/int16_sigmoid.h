// LOGISTIC and TANH of int16 tensors (LiteRT reference/integer_ops/logistic.h and tanh.h; gemmlowp
// for the optimized kernels' powers of two).
#pragma once

#include <cstdint>

namespace litesmith::kernels {

// The input is brought to steps of 1 / (3 * 4096) and looked up in one table of the logistic
// function, linear in between.
struct SigmoidScale {
  int32_t multiplier = 0;
  int shift = 0;  // to the right, rounding
};
SigmoidScale prepare_sigmoid(float scale_in);
// For scales of 2^-12 (shift 0) and 2^-11 (shift 1), which need no multiplier of their own.
SigmoidScale power_of_two_sigmoid(int shift);

void logistic_by_table(const SigmoidScale& scale, const int16_t* in, int16_t* out, int64_t count);
void tanh_by_table(const SigmoidScale& scale, const int16_t* in, int16_t* out, int64_t count);

// In 16-bit fixed point, for inputs in steps of 2^-12 (tanh also of 2^-11: shift 1).
void logistic_in_fixed_point(const int16_t* in, int16_t* out, int64_t count);
void tanh_in_fixed_point(int shift, const int16_t* in, int16_t* out, int64_t count);

// log2(scale) when LiteRT takes the scale for a power of two: within 1/1000 of an integer, in float
// (CheckedLog2, quantization_util.cc).
struct Log2 {
  bool is_power_of_two = false;
  int exponent = 0;
};
Log2 checked_log2(float scale);

}  // namespace litesmith::kernels
