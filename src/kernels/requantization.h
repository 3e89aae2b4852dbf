// The way of an integer layer from accumulators to outputs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {

// A rounding policy with its parameter for each output channel, the output's zero point, and the
// bounds of its type and fused activation.
template <class P>
struct Requantization {
  using Policy = P;
  std::vector<typename Policy::Parameter> parameters;
  int32_t zero_point = 0;
  int32_t min = 0;
  int32_t max = 0;

  int32_t apply(typename Policy::Accumulator acc, size_t channel) const {
    const int64_t value = int64_t{Policy::apply(acc, parameters[channel])} + zero_point;
    return static_cast<int32_t>(std::clamp(value, int64_t{min}, int64_t{max}));
  }
};

// The rounding of int32 accumulators, and of int64 ones (int16 activations with int64 bias).
using AnyRequantization =
    std::variant<Requantization<DoubleRounding>, Requantization<DoubleRoundingHalfUp>,
                 Requantization<DoubleRoundingByChannel>, Requantization<FloatHalfEven>,
                 Requantization<DoubleProduct<int32_t>>, Requantization<WideRounding>,
                 Requantization<DoubleProduct<int64_t>>>;

}  // namespace litesmith::kernels
