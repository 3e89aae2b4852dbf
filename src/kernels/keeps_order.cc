#include "kernels/keeps_order.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <type_traits>

namespace litesmith::kernels {
namespace {

// Sums stay within +-bound. Doubles: bounds may be beyond any integer.
bool keeps_order(Multiplier m, double bound, bool wide) {
  if (m.significand < 0) return false;
  constexpr double highest = std::numeric_limits<int32_t>::max();
  if (wide) {
    // The product is 64 bits wide, what is left of it 32.
    return bound < 0x1p47 && bound * std::ldexp(1.0, m.exponent) < highest - 1;
  }
  return m.exponent <= 0 || bound * std::ldexp(1.0, m.exponent) <= highest;
}
bool keeps_order(DoubleRoundingByChannel::Parameter p, double bound, bool wide) {
  return keeps_order(p.multiplier, bound, wide);
}
bool keeps_order(double scale, double, bool) { return scale >= 0 && std::isfinite(scale); }
bool keeps_order(float scale, double, bool) { return scale >= 0 && std::isfinite(scale); }

}  // namespace

bool keeps_order(const AnyRequantization& requantization, std::span<const int16_t> filter,
                 std::span<const int64_t> bias, int32_t largest_input) {
  return std::visit(
      [&]<class Policy>(const Requantization<Policy>& r) {
        constexpr bool wide = std::is_same_v<typename Policy::Accumulator, int64_t>;
        const size_t channels = r.parameters.size();
        const size_t terms = channels == 0 ? 0 : filter.size() / channels;
        for (size_t c = 0; c < channels; ++c) {
          double bound = bias.empty() ? 0 : std::abs(static_cast<double>(bias[c]));
          for (size_t i = 0; i < terms; ++i) {
            bound += std::abs(static_cast<double>(filter[c * terms + i])) * largest_input;
          }
          if (!keeps_order(r.parameters[c], bound, wide)) return false;
        }
        return true;
      },
      requantization);
}

}  // namespace litesmith::kernels
