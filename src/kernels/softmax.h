// SOFTMAX and LOG_SOFTMAX of codes over rows, the last dimension of a tensor. Of floats:
// element_kernels.h.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/fixed_point.h"
#include "kernels/lookup_table.h"

namespace litesmith::kernels {

struct Rows {
  int64_t count = 0;
  int64_t length = 0;
};

// LiteRT's reference kernels: fixed point throughout (reference/softmax.h,
// integer_ops/log_softmax.h).
struct FixedSoftmax {
  Multiplier input;              // from steps of the input to Q5.26
  int32_t least_difference = 0;  // below the largest of a row; less counts as zero
  // e^x in Q0.31 for all differences below the largest, 0, -1, ... -255.
  std::array<int32_t, 256> exponentials{};
};
// Throws Error(unsupported) when beta * scale_in is so small that LiteRT aborts.
FixedSoftmax prepare_fixed_softmax(float beta, float scale_in);
// 8-bit codes to codes of the same type, or int8 to int16. The output's zero point is its type's
// least, its scale 1/256, or 1/65536 of int16.
template <class In, class Out>
void softmax(Rows rows, const FixedSoftmax& softmax, const In* in, Out* out);

struct FixedLogSoftmax : FixedSoftmax {
  Multiplier reverse;  // from Q5.26 back to steps of the input
};
FixedLogSoftmax prepare_fixed_log_softmax(float scale_in);
template <class T>
void log_softmax(Rows rows, const FixedLogSoftmax& softmax, const T* in, T* out);

// LiteRT's optimized kernels on x86: a table of e^(-scale_in * beta * difference) in float, summed
// one after the other (optimized_ops.h).
struct TableSoftmax {
  std::array<float, 256> table;  // at 255 - difference
  float scale_in = 1;
  float scale_out = 1;
  int32_t zero_point_out = 0;
};
TableSoftmax prepare_table_softmax(float beta, float scale_in, float scale_out,
                                   int32_t zero_point_out);
// Of the same types.
template <class In, class Out>
void softmax(Rows rows, const TableSoftmax& softmax, const In* in, Out* out);
template <class T>
void log_softmax(Rows rows, const TableSoftmax& softmax, const T* in, T* out);

// int16, the same in all of LiteRT: e^x on [-10, 0] and 1 / (1 + x) on [0, 1] from tables
// (reference/softmax.h, SoftmaxInt16).
struct Int16Softmax {
  Multiplier input;  // so that 65535 steps are 10
  ShortTable exponential;
  ShortTable inverse;
};
Int16Softmax prepare_int16_softmax(float beta, float scale_in);
void softmax(Rows rows, const Int16Softmax& softmax, const int16_t* in, int16_t* out);

}  // namespace litesmith::kernels
