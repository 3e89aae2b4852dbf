// The smallest and the largest of many floats.
#include "kernels/multi_isa/kernels.h"
#include "kernels/multi_isa/simd.h"

namespace litesmith::kernels::LITESMITH_ISA {

// Some vectors of each are kept side by side: numbers have one smallest, whatever the order. Which
// of two zeros it is, is not promised.
bool extremes(const float* values, int64_t count, float* min, float* max) {
  constexpr int vectors = 4;
  F32 least[vectors];
  F32 most[vectors];
  I32 no_number[vectors] = {};
  for (int v = 0; v < vectors; ++v) {
    least[v] = broadcast<F32>(*min);
    most[v] = broadcast<F32>(*max);
  }
  int64_t i = 0;
  for (; i + vectors * lanes <= count; i += vectors * lanes) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      const F32 x = load<F32>(values + i + v * lanes);
      least[v] = x < least[v] ? x : least[v];
      most[v] = x > most[v] ? x : most[v];
      no_number[v] |= x != x;
    }
  }
  for (int v = 1; v < vectors; ++v) {
    least[0] = least[v] < least[0] ? least[v] : least[0];
    most[0] = most[v] > most[0] ? most[v] : most[0];
    no_number[0] |= no_number[v];
  }
  float low = *min;
  float high = *max;
  bool found = false;
  auto take = [&](float smaller, float larger) __attribute__((always_inline)) {
    low = smaller < low ? smaller : low;
    high = larger > high ? larger : high;
  };
  for (int lane = 0; lane < lanes; ++lane) {
    take(least[0][lane], most[0][lane]);
    found |= no_number[0][lane] != 0;
  }
  for (; i < count; ++i) {
    take(values[i], values[i]);
    found |= values[i] != values[i];
  }
  *min = low;
  *max = high;
  return found;
}

}  // namespace litesmith::kernels::LITESMITH_ISA
