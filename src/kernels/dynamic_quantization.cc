#include "kernels/dynamic_quantization.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {
namespace {

struct Extremes {
  float min;
  float max;
};

// The smallest and largest value, zero among them. Sixteen of each are kept side by side, so that
// the loop is one of vectors; numbers have one smallest, whatever the order.
Extremes extremes_with_zero(std::span<const float> values) {
  constexpr size_t kSideBySide = 16;
  float min[kSideBySide] = {};
  float max[kSideBySide] = {};
  auto take = [&](size_t i, float value) {
    min[i] = value < min[i] ? value : min[i];
    max[i] = value > max[i] ? value : max[i];
  };
  const size_t whole = values.size() / kSideBySide * kSideBySide;
  for (size_t first = 0; first < whole; first += kSideBySide) {
    for (size_t i = 0; i < kSideBySide; ++i) take(i, values[first + i]);
  }
  for (size_t i = whole; i < values.size(); ++i) take(0, values[i]);
  return {*std::min_element(min, min + kSideBySide), *std::max_element(max, max + kSideBySide)};
}

// To int with the fraction cut off; NaN and what is out of range go to a bound.
int32_t truncated(float x) {
  if (!(x > -0x1p30f)) return -(1 << 30);
  return x < 0x1p30f ? static_cast<int32_t>(x) : 1 << 30;
}

// LiteRT's x86 build runs its NEON code through NEON_2_SSE: in whole groups of eight, values are
// rounded by adding half and cutting off, which takes the float just below a half up; the rest of
// the array is rounded properly. Values near zero that are not a number's fault are rare, but
// int8 results are promised to be equal.
template <class Store>
void round_as_litert(std::span<const float> values, float inverse_scale, Store store) {
  const size_t grouped = values.size() / 8 * 8;
  for (size_t i = 0; i < grouped; ++i) {
    const float x = values[i] * inverse_scale;
    store(i, truncated(x + (x < 0 ? -0.5f : 0.5f)));
  }
  for (size_t i = grouped; i < values.size(); ++i) {
    store(i, truncated(std::round(values[i] * inverse_scale)));
  }
}

DynamicAffine quantize_symmetric(std::span<const float> values, int8_t* quantized) {
  const Extremes extremes = extremes_with_zero(values);
  const float range = std::max(-extremes.min, extremes.max);
  if (!(range > 0)) {
    std::fill_n(quantized, values.size(), int8_t{0});
    return {};
  }
  round_as_litert(values, 127.0f / range, [&](size_t i, int32_t q) {
    quantized[i] = static_cast<int8_t>(std::clamp(q, -127, 127));
  });
  return {range / 127.0f, 0};
}

DynamicAffine quantize_asymmetric(std::span<const float> values, int8_t* quantized) {
  const auto [min, max] = extremes_with_zero(values);
  if (min == max) {
    std::fill_n(quantized, values.size(), int8_t{0});
    return {};
  }
  const double scale = static_cast<double>(max - min) / 255.0;
  const double low = static_cast<double>(min) / scale;
  const double high = static_cast<double>(max) / scale;
  // From the end of the range whose rounding error is smaller.
  const bool from_min = 128 + std::abs(low) < 127 + std::abs(high);
  const double exact = from_min ? -128 - low : 127 - high;
  const int32_t zero_point = std::clamp(round_half_away(exact), -128, 127);
  const auto float_scale = static_cast<float>(scale);
  const float inverse = float_scale == 0 ? 0.0f : 1.0f / float_scale;
  round_as_litert(values, inverse, [&](size_t i, int32_t q) {
    quantized[i] = static_cast<int8_t>(std::clamp(q + zero_point, -128, 127));
  });
  return {float_scale, zero_point};
}

DynamicAffine quantize_xnnpack(std::span<const float> values, int8_t* quantized) {
  const auto [min, max] = extremes_with_zero(values);
  const float scale = min == max ? 1.0f : 255.0f / (max - min);
  const float low = min * scale;
  const float high = max * scale;
  const float exact = (-128.0f + low) + (127.0f + high) > 0 ? -128.0f - low : 127.0f - high;
  const int32_t zero_point = std::clamp(round_half_even(exact), -128, 127);
  const auto least = static_cast<float>(-128 - zero_point);
  const auto most = static_cast<float>(127 - zero_point);
  for (size_t i = 0; i < values.size(); ++i) {
    const float x = values[i] * scale;
    const float at_least = x > least ? x : least;  // NaN goes to a bound
    const float within = at_least < most ? at_least : most;
    // As round_half_even, of a number that needs no clamping.
    const int32_t steps = std::bit_cast<int32_t>(within + 0x1.8p23f) - 0x4b400000;
    quantized[i] = static_cast<int8_t>(steps + zero_point);
  }
  return {1.0f / scale, zero_point};
}

}  // namespace

DynamicAffine quantize_dynamically(DynamicScheme scheme, std::span<const float> values,
                                   int8_t* quantized) {
  switch (scheme) {
    case DynamicScheme::symmetric:
      return quantize_symmetric(values, quantized);
    case DynamicScheme::asymmetric:
      return quantize_asymmetric(values, quantized);
    case DynamicScheme::xnnpack:
      break;
  }
  return quantize_xnnpack(values, quantized);
}

}  // namespace litesmith::kernels
