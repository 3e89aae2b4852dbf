#include "ir/finite.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace litesmith {

Magnitude magnitude_of(const Buffer& data) {
  // Without their sign, floats are in the order of their bits; infinity and NaN come last.
  constexpr int32_t kWithoutSign = 0x7fffffff;
  constexpr int32_t kInfinity = 0x7f800000;
  int32_t largest = 0;
  size_t before = 0;
  Magnitude result;
  data.each_part<float>([&](std::span<const float> elements) {
    if (result.not_finite) return;
    int32_t part = 0;
    for (const float element : elements) {
      part = std::max(part, std::bit_cast<int32_t>(element) & kWithoutSign);
    }
    if (part >= kInfinity) {
      const auto bad = std::find_if(elements.begin(), elements.end(),
                                    [](float element) { return !std::isfinite(element); });
      const size_t at = before + static_cast<size_t>(bad - elements.begin());
      result.not_finite =
          (std::isnan(*bad) ? "NaN at element " : "infinity at element ") + std::to_string(at);
    } else {
      largest = std::max(largest, part);
    }
    before += elements.size();
  });
  result.largest = std::bit_cast<float>(largest);
  return result;
}

}  // namespace litesmith
