// A float cut off to an integer, for every float there is.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace litesmith::kernels {

// What the x86 instruction gives (cvttss2si), which LiteRT's kernels rely on without saying so: the
// least integer for everything that does not fit, NaN included. Arm's gives the nearest that fits.
inline int32_t to_int32_as_x86(double x) {
  constexpr double lowest = std::numeric_limits<int32_t>::min();
  if (!(x > lowest - 1 && x < -lowest)) return std::numeric_limits<int32_t>::min();
  return static_cast<int32_t>(x);
}

// The nearest that fits, and `for_nan`.
template <class To, class From>
To saturating_cast(From x, To for_nan) {
  if (std::isnan(x)) return for_nan;
  // Both bounds are powers of two (or zero), exact in any float.
  constexpr From kMin = static_cast<From>(std::numeric_limits<To>::min());
  constexpr To kHalf = std::numeric_limits<To>::max() / 2 + 1;
  constexpr From kBeyond = static_cast<From>(kHalf) * static_cast<From>(2);
  if (x < kMin) return std::numeric_limits<To>::min();
  if (x >= kBeyond) return std::numeric_limits<To>::max();
  return static_cast<To>(x);
}

}  // namespace litesmith::kernels
