#include "quantize/parameters.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace litesmith {
namespace {

// Ranges narrower than this are widened to it, half on each side of zero.
constexpr double kNearZeroTolerance = 1e-6;

// How many slices there are along `dimension`; all is one when it is -1.
size_t channel_count(const Shape& shape, int dimension) {
  return dimension < 0 ? 1 : static_cast<size_t>(shape.at(static_cast<size_t>(dimension)));
}

// Calls body(first element, how many, channel) for all elements in a row that have the same place
// along `dimension`, row after row.
template <class Body>
void for_each_row(size_t count, const Shape& shape, int dimension, Body body) {
  const size_t channels = channel_count(shape, dimension);
  size_t inner = dimension < 0 ? count : 1;
  for (size_t i = static_cast<size_t>(dimension) + 1; dimension >= 0 && i < shape.size(); ++i) {
    inner *= static_cast<size_t>(shape[i]);
  }
  for (size_t i = 0; i < count;) {
    for (size_t c = 0; c < channels; ++c, i += inner) body(i, inner, c);
  }
}

// Largest absolute value of each slice along `dimension`, or of all when it is -1.
std::vector<float> largest_magnitudes(std::span<const float> values, const Shape& shape,
                                      int dimension) {
  // Without their sign, floats are in the order of their bits.
  constexpr int32_t kWithoutSign = 0x7fffffff;
  std::vector<float> largest(channel_count(shape, dimension), 0.0f);
  for_each_row(values.size(), shape, dimension, [&](size_t first, size_t size, size_t c) {
    auto most = std::bit_cast<int32_t>(largest[c]);
    for (const float value : values.subspan(first, size)) {
      most = std::max(most, std::bit_cast<int32_t>(value) & kWithoutSign);
    }
    largest[c] = std::bit_cast<float>(most);
  });
  return largest;
}

// MLIR: 2*m/254 with ranges below the tolerance widened; in float for int8, in double else.
double symmetric_scale(float magnitude, Scheme scheme) {
  if (scheme == Scheme::int16x8) return magnitude / 127.0f;
  double half = magnitude;
  if (2 * half <= kNearZeroTolerance) half = kNearZeroTolerance / 2;
  if (scheme == Scheme::dynamic_range) return 2 * half / 254;
  return (static_cast<float>(half) - static_cast<float>(-half)) / 254;
}

// To the nearest integer, halves away from zero. std::round is a call for each element. What lies
// just below a half must not become a half when it is added to: the addend is the number below a
// half, and adding it to a half gives 1 by the sum's own rounding.
template <class Real>
int32_t nearest(Real value) {
  constexpr Real almost_half = Real{0.5} - std::numeric_limits<Real>::epsilon() / 4;
  return static_cast<int32_t>(value + std::copysign(almost_half, value));
}

// The same within [-127, 127].
int8_t narrow(float value) {
  return static_cast<int8_t>(nearest(std::clamp(value, -127.0f, 127.0f)));
}

// Of quotients that lie within an int32: bounds on integers leave a loop that the compiler turns
// into one over vectors, bounds on numbers that may be NaN do not.
void divide(const float* __restrict values, size_t count, double scale, int8_t* __restrict result) {
  for (size_t i = 0; i < count; ++i) {
    const int32_t rounded = nearest(static_cast<double>(values[i]) / scale);
    result[i] = static_cast<int8_t>(std::min(std::max(rounded, -127), 127));
  }
}

}  // namespace

Quantization activation_parameters(Range range, Scheme scheme) {
  const float low = std::min(range.min, 0.0f);
  const float high = std::max(range.max, 0.0f);
  if (scheme == Scheme::int16x8) {
    float magnitude = std::max(std::abs(high), std::abs(low));
    // A tensor of zeros gets a usable scale. (TensorFlow's calibrator starts its maximum at the
    // smallest normal float, and its quantizer makes infinite weight scales of that.)
    if (magnitude <= std::numeric_limits<float>::min()) magnitude = kNearZeroTolerance;
    return {{magnitude / 32767}, {0}, 0};
  }
  double rmin = low;
  double rmax = high;
  if (std::abs(rmax - rmin) < kNearZeroTolerance) {
    rmin -= kNearZeroTolerance;
    rmax += kNearZeroTolerance;
  }
  const float scale = (static_cast<float>(rmax) - static_cast<float>(rmin)) / 255;
  const auto zero_point_from_min = static_cast<float>(-128 - rmin / static_cast<double>(scale));
  const float zero_point = std::round(std::clamp(zero_point_from_min, -128.0f, 127.0f));
  return {{scale}, {static_cast<int64_t>(zero_point)}, 0};
}

double learned_scale(Range range) {
  double low = std::min(range.min, 0.0f);
  double high = std::max(range.max, 0.0f);
  if (high - low < kNearZeroTolerance) {
    low -= kNearZeroTolerance;
    high += kNearZeroTolerance;
  }
  return (high - low) / 255;
}

Quantization learned_parameters(Range range) {
  const double scale = learned_scale(range);
  double low = std::min(range.min, 0.0f);
  if (std::max(range.max, 0.0f) - low < kNearZeroTolerance) low -= kNearZeroTolerance;
  const double from_zero = std::round(std::clamp(-low / scale, 0.0, 255.0));
  return {{static_cast<float>(scale)}, {static_cast<int64_t>(from_zero) - 128}, 0};
}

QuantizedWeights quantize_weights(std::span<const float> values, const Shape& shape, int dimension,
                                  Scheme scheme, std::span<const double> given) {
  const std::vector<float> magnitudes = largest_magnitudes(values, shape, dimension);
  std::vector<double> scales;
  for (size_t c = 0; c < magnitudes.size(); ++c) {
    const double scale = given.empty() ? 0.0 : given[c];
    scales.push_back(scale > 0 ? scale : symmetric_scale(magnitudes[c], scheme));
  }
  QuantizedWeights result;
  result.quantization.dimension = std::max(dimension, 0);
  result.quantization.zero_point.assign(scales.size(), 0);
  for (const double scale : scales) result.quantization.scale.push_back(static_cast<float>(scale));
  result.values.resize(values.size());

  if (scheme == Scheme::dynamic_range) {
    check(given.empty(), "the scales of dynamic range are those of the largest weights");
    for_each_row(values.size(), shape, dimension, [&](size_t first, size_t size, size_t c) {
      divide(values.data() + first, size, scales[c], result.values.data() + first);
    });
    return result;
  }
  // The float reciprocal, not a division: this is where the last bit is decided.
  std::vector<float> inverses;
  for (size_t c = 0; c < scales.size(); ++c) {
    const auto scale = static_cast<float>(scales[c]);
    const bool is_given = !given.empty() && given[c] > 0;
    if (scale == 0) {
      inverses.push_back(0);
    } else if (scheme == Scheme::int8 && dimension >= 0) {
      inverses.push_back(static_cast<float>(1.0 / scale));
    } else if (is_given) {
      // It stands for a magnitude.
      inverses.push_back(127.0f / (scale * 127.0f));
    } else {
      inverses.push_back(magnitudes[c] == 0 ? 0.0f : 127.0f / magnitudes[c]);
    }
  }
  for_each_row(values.size(), shape, dimension, [&](size_t first, size_t size, size_t c) {
    for (size_t i = first; i < first + size; ++i)
      result.values[i] = narrow(values[i] * inverses[c]);
  });
  return result;
}

QuantizedWeights quantize_weights(const Value& weights, int dimension, Scheme scheme) {
  const size_t count = weights.data->size() / sizeof(float);
  std::vector<float> scratch;
  const auto quantize = [&](size_t first, size_t size, const Shape& shape) {
    return quantize_weights(weights.data->part(first, size, scratch), shape, dimension, scheme);
  };
  // Where channels lie one behind the other, each can be turned by itself.
  const bool by_rows = dimension == 0 && count > 0 && weights.data->recipe() != nullptr;
  if (!by_rows) return quantize(0, count, weights.shape);
  constexpr size_t kPart = size_t{1} << 16;
  constexpr size_t kTogether = 16;  // rows that a transposed matrix makes in one go
  const auto rows = static_cast<size_t>(weights.shape[0]);
  const size_t in_a_row = count / rows;
  const size_t at_once = (kPart / in_a_row / kTogether + 1) * kTogether;
  QuantizedWeights result;
  result.values.reserve(count);
  Shape shape = weights.shape;
  for (size_t row = 0; row < rows; row += at_once) {
    shape[0] = static_cast<int32_t>(std::min(at_once, rows - row));
    const size_t size = static_cast<size_t>(shape[0]) * in_a_row;
    const QuantizedWeights part = quantize(row * in_a_row, size, shape);
    auto& all = result.quantization;
    const auto& some = part.quantization;
    all.scale.insert(all.scale.end(), some.scale.begin(), some.scale.end());
    all.zero_point.insert(all.zero_point.end(), some.zero_point.begin(), some.zero_point.end());
    result.values.insert(result.values.end(), part.values.begin(), part.values.end());
  }
  return result;
}

std::vector<double> bias_scale_floors(std::span<const float> bias, float input_scale,
                                      const Quantization& weights, Scheme scheme) {
  std::vector<double> floors(weights.scale.size(), 0.0);
  bool any = false;
  for (size_t c = 0; c < floors.size(); ++c) {
    // One scale for all channels must suit the largest bias of all.
    float largest = 0;
    if (weights.scale.size() == 1) {
      for (const float value : bias) largest = std::max(largest, std::abs(value));
    } else {
      largest = std::abs(bias[c]);
    }
    constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
    if (scheme == Scheme::int16x8) {
      if (largest < 0.5 * input_scale * weights.scale[c] * kMax || largest == 0) continue;
      const auto magnitude = static_cast<float>(2.0 * largest / kMax * (127.0f / input_scale));
      floors[c] = magnitude / 127.0f;
    } else {
      constexpr int32_t kBiasMax = kMax / 2;
      const auto scale = static_cast<float>(static_cast<double>(input_scale) * weights.scale[c]);
      if (largest / static_cast<double>(scale) <= kBiasMax) continue;
      floors[c] = static_cast<double>(largest) / kBiasMax / input_scale;
    }
    any = true;
  }
  if (!any) floors.clear();
  return floors;
}

QuantizedBias quantize_bias(std::span<const float> bias, double input_scale,
                            const Quantization& weights, Scheme scheme,
                            std::span<const double> floors) {
  QuantizedBias result;
  for (size_t c = 0; c < weights.scale.size(); ++c) {
    double scale = input_scale * weights.scale[c];
    // The int8 converter derives the raised weight scale from the bias scale, not the reverse.
    if (scheme == Scheme::int8 && !floors.empty() && floors[c] > 0) scale = floors[c] * input_scale;
    result.quantization.scale.push_back(static_cast<float>(scale));
    result.quantization.zero_point.push_back(0);
  }
  const double limit = scheme == Scheme::int16x8
                           ? 9223372036854774784.0  // the largest double inside int64
                           : std::numeric_limits<int32_t>::max();
  for (size_t i = 0; i < bias.size(); ++i) {
    const float scale = result.quantization.scale[result.quantization.scale.size() == 1 ? 0 : i];
    const float inverse = scale == 0 ? 0.0f : static_cast<float>(1.0 / scale);
    const double rounded = std::round(bias[i] * inverse);
    result.values.push_back(static_cast<int64_t>(std::clamp(rounded, -limit, limit)));
  }
  return result;
}

Quantization constant_parameters(std::span<const float> values, Scheme scheme) {
  check(!values.empty(), "a constant operand has elements");
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (scheme == Scheme::int16x8) return activation_parameters({*low, *high}, scheme);
  double rmin = std::min(*low, 0.0f);
  double rmax = std::max(*high, 0.0f);
  if (rmax - rmin <= kNearZeroTolerance) {
    rmin = std::min(rmin, -kNearZeroTolerance / 2);
    rmax = std::max(rmax, kNearZeroTolerance / 2);
  }
  const float scale = (static_cast<float>(rmax) - static_cast<float>(rmin)) / 255;
  const auto zero_point_from_min = static_cast<float>(-128 - rmin / static_cast<double>(scale));
  const float zero_point = std::round(std::clamp(zero_point_from_min, -128.0f, 127.0f));
  return {{scale}, {static_cast<int64_t>(zero_point)}, 0};
}

std::vector<int8_t> quantize_constant_int8(std::span<const float> values, const Quantization& q) {
  const double scale = q.scale.at(0);
  const auto zero_point = static_cast<double>(q.zero_point.at(0));
  std::vector<int8_t> result;
  result.reserve(values.size());
  for (const float value : values) {
    const double rounded = std::round(value / scale + zero_point);
    result.push_back(static_cast<int8_t>(std::clamp(rounded, -128.0, 127.0)));
  }
  return result;
}

std::vector<int16_t> quantize_constant_int16(std::span<const float> values, const Quantization& q) {
  const float scale = q.scale.at(0);
  const float inverse = scale == 0 ? 0.0f : static_cast<float>(1.0 / scale);
  std::vector<int16_t> result;
  result.reserve(values.size());
  for (const float value : values) {
    const double rounded = std::round(value * inverse);
    result.push_back(static_cast<int16_t>(std::clamp(rounded, -32767.0, 32767.0)));
  }
  return result;
}

std::vector<int16_t> requantize_constant_int16(std::span<const int16_t> values,
                                               const Quantization& from, const Quantization& to) {
  const float scale_from = from.scale.at(0);
  const float scale_to = to.scale.at(0);
  std::vector<int16_t> result;
  result.reserve(values.size());
  for (const int16_t value : values) {
    const float real = static_cast<float>(value) * scale_from;
    const double rounded = scale_to == 0 ? 0.0 : std::round(real / scale_to);
    result.push_back(static_cast<int16_t>(std::clamp(rounded, -32767.0, 32767.0)));
  }
  return result;
}

namespace {

// Zeros get a usable scale, as in activation_parameters.
float magnitude_of(Range range) {
  const float magnitude = std::max(std::abs(range.min), std::abs(range.max));
  return magnitude <= std::numeric_limits<float>::min() ? static_cast<float>(kNearZeroTolerance)
                                                        : magnitude;
}

ShortWeights quantize_short(std::span<const float> values, float scale) {
  ShortWeights result{{{scale}, {0}, 0}, {}};
  result.values = quantize_constant_int16(values, result.quantization);
  return result;
}

}  // namespace

ShortWeights quantize_weights_16(std::span<const float> values) {
  double half = largest_magnitudes(values, {}, -1)[0];
  if (2 * half <= kNearZeroTolerance) half = kNearZeroTolerance / 2;
  return quantize_short(values, (static_cast<float>(half) - static_cast<float>(-half)) / 65534);
}

ShortWeights quantize_weights_10(std::span<const float> values) {
  const double magnitude = largest_magnitudes(values, {}, -1)[0];
  // Zeros get a usable scale.
  return quantize_short(
      values, static_cast<float>((magnitude == 0 ? kNearZeroTolerance : magnitude) / 512));
}

Quantization state_parameters(Range range) {
  const float magnitude = magnitude_of(range);
  return {{(magnitude - -magnitude) / 65534}, {0}, 0};
}

Quantization cell_state_parameters(Range range) {
  const double magnitude = magnitude_of(range);
  double bound = 1;
  while (bound < magnitude && bound < 64) bound *= 2;
  return {{static_cast<float>(bound / 32768)}, {0}, 0};
}

Quantization sum_parameters(Range range) {
  const double magnitude = magnitude_of(range);
  return {{static_cast<float>((magnitude - -magnitude) / 65534)}, {0}, 0};
}

}  // namespace litesmith
