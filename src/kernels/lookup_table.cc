#include "kernels/lookup_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/convert.h"

namespace litesmith::kernels {

template <class T>
ByteTable litert_table(const TableScales& s, const std::function<float(float)>& function) {
  constexpr int32_t kMin = std::numeric_limits<T>::min();
  constexpr int32_t kMax = std::numeric_limits<T>::max();
  const float inverse_scale = 1 / s.scale_out;
  ByteTable table;
  for (int32_t code = kMin; code <= kMax; ++code) {
    const float y = function(s.scale_in * static_cast<float>(code - s.zero_point_in));
    const float steps = std::round(y * inverse_scale) + static_cast<float>(s.zero_point_out);
    table[static_cast<uint8_t>(static_cast<T>(code))] =
        static_cast<uint8_t>(saturating_cast<T>(steps, static_cast<T>(kMin)));
  }
  return table;
}

template ByteTable litert_table<int8_t>(const TableScales&, const std::function<float(float)>&);
template ByteTable litert_table<uint8_t>(const TableScales&, const std::function<float(float)>&);

template <class T>
ByteTable xnnpack_table(const TableScales& s, const std::function<float(float)>& function) {
  constexpr int32_t kMin = std::numeric_limits<T>::min();
  constexpr int32_t kMax = std::numeric_limits<T>::max();
  const float inverse_scale = 1.0f / s.scale_out;
  ByteTable table;
  for (int32_t code = kMin; code <= kMax; ++code) {
    const float x = (static_cast<float>(code) - static_cast<float>(s.zero_point_in)) * s.scale_in;
    float steps = function(x) * inverse_scale + static_cast<float>(s.zero_point_out);
    if (std::isnan(steps)) steps = 0;
    steps = std::clamp(std::nearbyint(steps), static_cast<float>(kMin), static_cast<float>(kMax));
    table[static_cast<uint8_t>(static_cast<T>(code))] = static_cast<uint8_t>(static_cast<T>(steps));
  }
  return table;
}

template ByteTable xnnpack_table<int8_t>(const TableScales&, const std::function<float(float)>&);
template ByteTable xnnpack_table<uint8_t>(const TableScales&, const std::function<float(float)>&);

// A point is moved by half of what the straight line to the next misses the function's value in the
// middle by.
template <class Real>
ShortTable litert_short_table(Real scale_in, int32_t zero_point_in, Real scale_out,
                              int32_t zero_point_out, const std::function<Real(Real)>& function) {
  constexpr int32_t kMin = std::numeric_limits<int16_t>::min();
  constexpr int32_t kMax = std::numeric_limits<int16_t>::max();
  constexpr int kSteps = 512;
  const Real in_min = scale_in * static_cast<Real>(kMin - zero_point_in);
  const Real in_max = scale_in * static_cast<Real>(kMax - zero_point_in);
  const Real out_min = scale_out * static_cast<Real>(kMin - zero_point_out);
  const Real out_max = scale_out * static_cast<Real>(kMax - zero_point_out);
  const Real step = (in_max - in_min) / kSteps;
  const Real half_step = step / 2;
  const Real inverse_scale = static_cast<Real>(kMax - kMin + 1) / (out_max - out_min);
  // Where the function has no value (LOG of what is below zero), x86's conversion leaves LiteRT 0:
  // the lower half of the least int32.
  auto saturated = [](Real x) { return saturating_cast<int16_t>(x, int16_t{0}); };
  ShortTable table;
  for (int i = 0; i < kSteps; ++i) {
    const Real at = static_cast<Real>(i);
    const Real value = function(in_min + at * step);
    const Real middle = function(in_min + at * step + half_step);
    const Real next = function(in_min + (at + 1) * step);
    const Real sample = std::round(value * inverse_scale);
    const Real line = std::round((next * inverse_scale + sample) / 2);
    const Real miss = line - std::round(middle * inverse_scale);
    table[static_cast<size_t>(i)] = saturated(sample - std::round(miss / 2));
  }
  table[kSteps] = saturated(std::round(function(in_max) * inverse_scale));
  return table;
}

template ShortTable litert_short_table(float, int32_t, float, int32_t,
                                       const std::function<float(float)>&);
template ShortTable litert_short_table(double, int32_t, double, int32_t,
                                       const std::function<double(double)>&);

std::optional<uint8_t> as_shift(const ByteTable& table) {
  for (size_t code = 0; code < table.size(); ++code) {
    if (table[code] != static_cast<uint8_t>(table[0] + code)) return std::nullopt;
  }
  return table[0];
}

void shift(uint8_t by, const uint8_t* in, uint8_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) out[i] = static_cast<uint8_t>(in[i] + by);
}

void look_up(const ByteTable& table, const uint8_t* in, uint8_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) out[i] = table[in[i]];
}

void look_up(const ShortTable& table, const int16_t* in, int16_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) out[i] = look_up(table, in[i]);
}

}  // namespace litesmith::kernels
