#include "kernels/int16_sigmoid.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/fixed_point.h"
#include "kernels/fixed_point_functions.h"
#include "kernels/table_functions.h"

namespace litesmith::kernels {
namespace {

// 65536 * logistic(i / 24), each point moved by half of what the line to the next one misses the
// function by in the middle. The last is saturated.
const std::array<uint16_t, 256>& sigmoid_table() {
  static const std::array<uint16_t, 256> table = [] {
    auto f = [](double x) { return 65536 / (1 + exp_double(-x / 24)); };
    std::array<uint16_t, 256> result;
    for (int i = 0; i < 255; ++i) {
      const double moved = f(i) + 0.5 * (f(i + 0.5) - (f(i) + f(i + 1)) / 2);
      result[static_cast<size_t>(i)] = static_cast<uint16_t>(std::floor(moved + 0.5));
    }
    result[255] = 65535;
    return result;
  }();
  return table;
}

// Products of scales above 2.6 may leave 32 bits, and wrap.
int32_t scaled(const SigmoidScale& scale, int16_t x) {
  const uint32_t rounding = scale.shift > 0 ? 1u << (scale.shift - 1) : 0;
  const uint32_t product = static_cast<uint32_t>(x) * static_cast<uint32_t>(scale.multiplier);
  return static_cast<int32_t>(product + rounding) >> scale.shift;
}

// The table at |x| / 2^bits, with 16 + bits fractional bits.
uint32_t interpolated(int32_t x, int bits, uint32_t beyond) {
  const uint32_t magnitude = x < 0 ? 0u - static_cast<uint32_t>(x) : static_cast<uint32_t>(x);
  const uint32_t index = magnitude >> bits;
  if (index >= 255) return beyond;
  const uint32_t here = sigmoid_table()[index];
  const uint32_t next = sigmoid_table()[index + 1];
  const uint32_t fraction = magnitude & ((1u << bits) - 1);
  return (here << bits) + fraction * (next - here);
}

}  // namespace

SigmoidScale prepare_sigmoid(float scale_in) {
  double multiplier = static_cast<double>(scale_in) * 4096.0 * 3.0;
  SigmoidScale scale;
  while (multiplier <= 32767.0 / 2.0 && scale.shift <= 30) {
    ++scale.shift;
    multiplier *= 2.0;
  }
  scale.multiplier = static_cast<int32_t>(std::min(multiplier, 0x1p31 - 1));
  return scale;
}

SigmoidScale power_of_two_sigmoid(int shift) { return {3 << shift, 0}; }

void logistic_by_table(const SigmoidScale& scale, const int16_t* in, int16_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t x = scaled(scale, in[i]);
    const uint32_t y = interpolated(x, 9, 0x7fffu << 10);
    const uint32_t rounded = x >= 0 ? y + (1u << 9) : (1u << 25) - y + (1u << 9) - 1;
    out[i] = static_cast<int16_t>(rounded >> 10);
  }
}

void tanh_by_table(const SigmoidScale& scale, const int16_t* in, int16_t* out, int64_t count) {
  // tanh x = 2 * logistic(2x) - 1
  for (int64_t i = 0; i < count; ++i) {
    const int32_t x = scaled(scale, in[i]);
    const auto y = static_cast<int32_t>(interpolated(x, 8, 0xffffu << 8));
    const int32_t rounded = x >= 0 ? y - (1 << 23) + (1 << 7) : -y + (1 << 23) + (1 << 7) - 1;
    out[i] = static_cast<int16_t>(rounded >> 8);
  }
}

void logistic_in_fixed_point(const int16_t* in, int16_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) out[i] = logistic_q3(in[i]);
}

void tanh_in_fixed_point(int shift, const int16_t* in, int16_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    out[i] = tanh_q3(static_cast<int16_t>(std::clamp(in[i] * (1 << shift), -32768, 32767)));
  }
}

Log2 checked_log2(float scale) {
  const float log2 = correct_log(scale) * (1.0f / correct_log(2.0f));
  const float rounded = std::round(log2);
  if (!(std::fabs(rounded) < 1000)) return {};
  return {std::fabs(log2 - rounded) < 1e-3f, static_cast<int>(rounded)};
}

}  // namespace litesmith::kernels
