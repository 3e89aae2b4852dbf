// True values to hold floats against, in long double.
#pragma once

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace litesmith {

// On 64-bit Arm long double is made by software, and slow: a test takes one in so many values
// there. What is measured does not depend on the machine (the fingerprints of math_test.cc and
// element_kernels_test.cc).
inline constexpr int kOneInValues = LDBL_MANT_DIG > 64 ? 16 : 1;

// In units of the last place of the true value, which is finite as a float.
inline double ulp_error(float got, long double wanted) {
  int exponent = 0;
  std::frexp(static_cast<float>(wanted), &exponent);
  const long double ulp = std::ldexp(1.0L, std::max(exponent - 24, -149));
  return static_cast<double>(std::fabs(got - wanted) / ulp);
}

}  // namespace litesmith
