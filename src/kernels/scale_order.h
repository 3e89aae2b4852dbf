// In which order a hybrid layer's accumulator meets its scales: LiteRT's kernels differ in it, and
// so in the last bits.
#pragma once

#include <cstdint>

namespace litesmith::kernels {

enum class ScaleOrder {
  weights_first,  // (acc * weight scale) * input scale + bias
  input_first,    // (acc * input scale) * weight scale + bias
  scales_first,   // acc * (weight scale * input scale) + bias
  fused,          // fma(acc * input scale, weight scale, bias)
};

// Vectorized loops scale in one order, the channels left behind the last whole vector in another.
struct ScaleOrders {
  ScaleOrder body = ScaleOrder::weights_first;
  ScaleOrder tail = body;
  int32_t tail_begin = INT32_MAX;  // the first channel of the tail

  ScaleOrder of(int32_t channel) const { return channel < tail_begin ? body : tail; }
};

}  // namespace litesmith::kernels
