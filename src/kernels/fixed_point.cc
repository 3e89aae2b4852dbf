#include "kernels/fixed_point.h"

#include <string>

#include "base/error.h"

namespace litesmith::kernels {

Multiplier quantize_multiplier(double real, int max_exponent) {
  if (!std::isfinite(real)) {
    throw Error(ErrorCode::unsupported, "a ratio of scales is not finite");
  }
  if (real == 0) return {};
  int exponent = 0;
  const double fraction = std::frexp(real, &exponent);
  auto significand = static_cast<int64_t>(std::round(fraction * 0x1p31));
  if (significand == int64_t{1} << 31) {
    significand /= 2;
    ++exponent;
  }
  if (exponent < -31) return {};  // no accumulator is large enough to give anything but zero
  if (exponent > max_exponent) {
    throw Error(ErrorCode::unsupported, "a ratio of scales of " + std::to_string(real) +
                                            " is too large for integer arithmetic");
  }
  return {static_cast<int32_t>(significand), exponent};
}

}  // namespace litesmith::kernels
