// The steps that matrix products are made of, BATCH_MATMUL's and TRANSPOSE_CONV's.
#pragma once

#include <cstdint>
#include <type_traits>

#include "base/cpu_features.h"

namespace litesmith::kernels {

// out[i] = fma(a, in[i], out[i])
using FloatMultiplyAdd = void (*)(float a, const float* in, float* out, int64_t count);
FloatMultiplyAdd float_multiply_add(Isa isa);

// sums[j] += (left[k * left_step] - left_zero) * (right[k, j] - right_zero) over k, the right
// matrix being [depth, columns]. Sums wrap.
template <class Sum, class Left, class Right>
void add_products(const Left* left, int64_t left_step, int32_t left_zero, const Right* right,
                  int32_t right_zero, int64_t depth, int64_t columns, Sum* sums) {
  using Unsigned = std::make_unsigned_t<Sum>;
  for (int64_t k = 0; k < depth; ++k, right += columns) {
    const int32_t x = left[k * left_step] - left_zero;
    if (x == 0) continue;
    for (int64_t j = 0; j < columns; ++j) {
      // Of 17 bits each.
      const int64_t product = int64_t{x} * (right[j] - right_zero);
      sums[j] = static_cast<Sum>(static_cast<Unsigned>(sums[j]) + static_cast<Unsigned>(product));
    }
  }
}

// A matrix [rows, columns] as [columns, rows].
template <class T>
void transpose(const T* in, int64_t rows, int64_t columns, T* out) {
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) out[j * rows + i] = in[i * columns + j];
  }
}

}  // namespace litesmith::kernels
