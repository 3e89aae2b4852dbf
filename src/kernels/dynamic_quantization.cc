#include "kernels/dynamic_quantization.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {
namespace {

struct Extremes {
  float min;
  float max;
};

// Of the values and zero; what is no number is passed over.
Extremes extremes_of(const DynamicLoops& loops, std::span<const float> values) {
  Extremes result = {};
  loops.extremes(values.data(), std::ssize(values), &result.min, &result.max);
  return result;
}

DynamicAffine quantize_symmetric(const DynamicLoops& loops, std::span<const float> values,
                                 int8_t* quantized) {
  const Extremes extremes = extremes_of(loops, values);
  const float range = std::max(-extremes.min, extremes.max);
  if (!(range > 0)) {
    std::fill_n(quantized, values.size(), int8_t{0});
    return {};
  }
  loops.round_as_litert(127.0f / range, 0, -127, values.data(), std::ssize(values), quantized);
  return {range / 127.0f, 0};
}

DynamicAffine quantize_asymmetric(const DynamicLoops& loops, std::span<const float> values,
                                  int8_t* quantized) {
  const auto [min, max] = extremes_of(loops, values);
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
  loops.round_as_litert(inverse, zero_point, -128, values.data(), std::ssize(values), quantized);
  return {float_scale, zero_point};
}

DynamicAffine quantize_xnnpack(const DynamicLoops& loops, std::span<const float> values,
                               int8_t* quantized) {
  const auto [min, max] = extremes_of(loops, values);
  const float scale = min == max ? 1.0f : 255.0f / (max - min);
  const float low = min * scale;
  const float high = max * scale;
  const float exact = (-128.0f + low) + (127.0f + high) > 0 ? -128.0f - low : 127.0f - high;
  const int32_t zero_point = std::clamp(round_half_even(exact), -128, 127);
  loops.round_half_even(scale, zero_point, values.data(), std::ssize(values), quantized);
  return {1.0f / scale, zero_point};
}

bool plain_extremes(const float* values, int64_t count, float* min, float* max) {
  bool no_number = false;
  for (const float value : std::span(values, static_cast<size_t>(count))) {
    *min = value < *min ? value : *min;
    *max = value > *max ? value : *max;
    no_number |= std::isnan(value);
  }
  return no_number;
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
void plain_round_as_litert(float inverse_scale, int32_t zero_point, int32_t least,
                           const float* values, int64_t count, int8_t* quantized) {
  const int64_t grouped = count / 8 * 8;
  for (int64_t i = 0; i < count; ++i) {
    const float x = values[i] * inverse_scale;
    const int32_t steps = truncated(i < grouped ? x + (x < 0 ? -0.5f : 0.5f) : std::round(x));
    quantized[i] = static_cast<int8_t>(std::clamp(steps + zero_point, least, 127));
  }
}

void plain_round_half_even(float inverse_scale, int32_t zero_point, const float* values,
                           int64_t count, int8_t* quantized) {
  const auto least = static_cast<float>(-128 - zero_point);
  const auto most = static_cast<float>(127 - zero_point);
  for (int64_t i = 0; i < count; ++i) {
    const float x = values[i] * inverse_scale;
    const float at_least = x > least ? x : least;  // NaN goes to a bound
    const float within = at_least < most ? at_least : most;
    quantized[i] = static_cast<int8_t>(round_half_even(within) + zero_point);
  }
}

constexpr DynamicLoops kPlainLoops = {plain_extremes, plain_round_as_litert, plain_round_half_even};

}  // namespace

DynamicAffine quantize_dynamically(const DynamicLoops& loops, DynamicScheme scheme,
                                   std::span<const float> values, int8_t* quantized) {
  switch (scheme) {
    case DynamicScheme::symmetric:
      return quantize_symmetric(loops, values, quantized);
    case DynamicScheme::asymmetric:
      return quantize_asymmetric(loops, values, quantized);
    case DynamicScheme::xnnpack:
      break;
  }
  return quantize_xnnpack(loops, values, quantized);
}

DynamicAffine quantize_dynamically(DynamicScheme scheme, std::span<const float> values,
                                   int8_t* quantized) {
  return quantize_dynamically(kPlainLoops, scheme, values, quantized);
}

}  // namespace litesmith::kernels
