// Sums of floats in one fixed order, whatever the instruction set. Internal linkage: see
// multi_isa/simd.h.
#pragma once

#include <cstdint>

namespace litesmith::kernels {

// The order: term i goes to partial sum i % 16, and the 16 are added in halves,
// ((0 + 8) + (4 + 12)) + ((2 + 10) + (6 + 14)) and so on. A compiler makes vectors of up to 16
// elements of it.
template <class Term>
static inline float sum_in_tree(int64_t count, Term&& term) {
  constexpr int kPartials = 16;
  float partial[kPartials] = {};
  int64_t i = 0;
  for (; i + kPartials <= count; i += kPartials) {
    for (int k = 0; k < kPartials; ++k) partial[k] += term(i + k);
  }
  for (int k = 0; i < count; ++i, ++k) partial[k] += term(i);
  for (int width = kPartials / 2; width > 0; width /= 2) {
    for (int k = 0; k < width; ++k) partial[k] += partial[k + width];
  }
  return partial[0];
}

}  // namespace litesmith::kernels
