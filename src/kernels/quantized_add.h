// ADD and SUB of quantized tensors. LiteRT scales both operands to twice the larger scale, with
// `left_shift` bits of headroom, adds, and scales to the output (kernels/add.cc,
// reference/integer_ops/add.h). Its optimized kernels do the same with cheaper roundings, but only
// on whole groups of vector elements; what is left of a run is rounded exactly.
//
// XNNPACK has one multiplier of 21 bits for each operand and one shift (qs8-vadd).
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {

// How an operand's scaling, a multiplication and a shift to the right, is rounded.
enum class OperandRounding {
  exact,  // both steps to nearest
  early,  // the shift is taken from the headroom beforehand; the product to nearest
  floor,  // the product to nearest, the shift down
};

struct Addition {
  int32_t zero_point_first = 0;
  int32_t zero_point_second = 0;
  int32_t zero_point_out = 0;
  int left_shift = 0;
  Multiplier first;
  Multiplier second;
  Multiplier out;
  bool subtract = false;
  int32_t min = 0;
  int32_t max = 0;

  // Of whole groups of this many elements of a run; the rest is exact.
  OperandRounding rounding = OperandRounding::exact;
  int64_t group = 1;
};

// How LiteRT prepares an addition; throws Error(unsupported) for scales it aborts on.
Addition prepare_addition(float scale_first, float scale_second, float scale_out, int left_shift);

// out[i] = first[i * step_first] + second[i * step_second], for steps of 0 or 1.
template <class T>
void add(const Addition& addition, const T* first, int64_t step_first, const T* second,
         int64_t step_second, T* out, int64_t count);

// int16 with scales that are powers of two: one operand is shifted to the output's scale.
struct ShiftedAddition {
  int shift_first = 0;  // to the right; one of the two is 0
  int shift_second = 0;
  bool subtract = false;
  int32_t min = 0;
  int32_t max = 0;
};
void add_shifted(const ShiftedAddition& addition, const int16_t* first, int64_t step_first,
                 const int16_t* second, int64_t step_second, int16_t* out, int64_t count);

struct XnnpackAddition {
  int32_t bias = 0;
  int32_t multiplier_first = 0;
  int32_t multiplier_second = 0;
  int shift = 0;
  int32_t zero_point_out = 0;
  int32_t min = 0;
  int32_t max = 0;
};
// `sign_second` is -1 for a subtraction.
XnnpackAddition prepare_xnnpack_addition(float scale_first, int32_t zero_point_first,
                                         float scale_second, int32_t zero_point_second,
                                         float sign_second, float scale_out,
                                         int32_t zero_point_out);
template <class T>
void add(const XnnpackAddition& addition, const T* first, int64_t step_first, const T* second,
         int64_t step_second, T* out, int64_t count);

}  // namespace litesmith::kernels
