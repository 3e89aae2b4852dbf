#include "kernels/signal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "kernels/fixed_point.h"

namespace litesmith::kernels {
namespace {

// Digit by digit (C. Woo's integer square root). Rounded up when the remainder is more than the
// root: the next square's half.
template <class T>
T square_root(T x) {
  if (x == 0) return 0;
  constexpr T kLargest = (T{1} << (sizeof(T) * 4)) - 1;
  T root = 0;
  for (T bit = T{1} << ((std::bit_width(x) - 1) & ~1); bit != 0; bit >>= 2) {
    if (x >= root + bit) {
      x -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return x > root && root != kLargest ? root + 1 : root;
}

// The binary logarithm in steps of 2^-16, of 1 and more: the fraction is taken for the logarithm
// and corrected by a table of segments; TFLite Micro moves within a segment by 2^-16 instead of
// 2^-9 of the way, so that it hardly moves.
constexpr int kSegmentBits = 7;
constexpr size_t kSegments = size_t{1} << kSegmentBits;

const std::array<int32_t, kSegments + 1>& corrections() {
  static const auto table = [] {
    std::array<int32_t, kSegments + 1> made{};
    for (size_t i = 0; i <= kSegments; ++i) {
      const double x = static_cast<double>(i) / kSegments;
      made[i] = static_cast<int32_t>(std::lround(65536 * (std::log2(1 + x) - x)));
    }
    return made;
  }();
  return table;
}

uint32_t binary_logarithm(uint32_t x) {
  const int whole = std::bit_width(x) - 1;
  const uint32_t above = x - (uint32_t{1} << whole);
  const auto fraction =
      static_cast<int32_t>(whole < 16 ? above << (16 - whole) : above >> (whole - 16));
  const auto segment = static_cast<size_t>(fraction >> (16 - kSegmentBits));
  const int32_t within = fraction & ((1 << (16 - kSegmentBits)) - 1);
  const int32_t from = corrections()[segment];
  const int32_t to = corrections()[segment + 1];
  const int32_t corrected = fraction + from + (((to - from) * within) >> 16);
  return (static_cast<uint32_t>(whole) << 16) + static_cast<uint32_t>(corrected);
}

// ln(x) * scale
uint32_t scaled_logarithm(uint32_t x, uint32_t scale) {
  constexpr uint64_t kLn2 = 45426;  // in steps of 2^-16
  constexpr uint32_t kHalf = 1u << 15;
  const auto natural = static_cast<uint32_t>((kLn2 * binary_logarithm(x) + kHalf) >> 16);
  return (scale * natural + kHalf) >> 16;
}

// The table's polynomial at x: its first three elements are the values at 0, 1 and 2, then there
// are four elements for each power of two, the last of them unused.
int16_t gain_at(uint32_t x, const int16_t* table) {
  if (x <= 2) return table[x];
  const int interval = std::bit_width(x);
  const int16_t* const polynomial = table + 4 * interval - 6;
  const int32_t fraction =
      static_cast<int32_t>(interval < 11 ? x << (11 - interval) : x >> (interval - 11)) & 0x3ff;
  const int32_t slope = wrapping_add((polynomial[2] * fraction) >> 5, polynomial[1] * 32);
  const auto product =
      static_cast<int32_t>(static_cast<uint32_t>(slope) * static_cast<uint32_t>(fraction));
  return static_cast<int16_t>((wrapping_add(product, 1 << 14) >> 15) + polynomial[0]);
}

// x^2 / 4 below 2, x - 1 from there on; of 12 fractional bits, to 6.
uint32_t shrunk(uint32_t x) {
  constexpr uint32_t kTwo = 2 << 12;
  return x < kTwo ? (x * x) >> 20 : (x >> 6) - (1 << 6);
}

}  // namespace

void apply_window(std::span<const int16_t> input, std::span<const int16_t> window, int shift,
                  int16_t* output) {
  for (size_t i = 0; i < input.size(); ++i) {
    output[i] = saturated<int16_t>((int32_t{input[i]} * window[i % window.size()]) >> shift);
  }
}

int32_t scale_for_fft(std::span<const int16_t> input, int16_t* output) {
  int16_t largest = 0;
  for (const int16_t x : input) {
    if (x > largest) {
      largest = x;
    } else if (-x > largest) {
      largest = static_cast<int16_t>(-x);  // -32768 of itself
    }
  }
  const int32_t shift =
      largest <= 0 ? 0 : 15 - static_cast<int32_t>(std::bit_width(static_cast<uint16_t>(largest)));
  for (size_t i = 0; i < input.size(); ++i) {
    output[i] = static_cast<int16_t>(input[i] * (1 << shift));
  }
  return shift;
}

void energies(std::span<const Complex16> spectrum, uint32_t* output) {
  for (size_t i = 0; i < spectrum.size(); ++i) {
    const Complex16 bin = spectrum[i];
    output[i] = static_cast<uint32_t>(bin.re * bin.re) + static_cast<uint32_t>(bin.im * bin.im);
  }
}

bool FilterBank::fits(size_t bins) const {
  const auto places = static_cast<size_t>(channels) + 1;
  if (channels < 1 || first_bins.size() < places || first_weights.size() < places ||
      widths.size() < places) {
    return false;
  }
  for (size_t i = 0; i < places; ++i) {
    if (widths[i] <= 0) continue;
    if (first_bins[i] < 0 || first_weights[i] < 0) return false;
    const auto width = static_cast<size_t>(widths[i]);
    const size_t last_weight = static_cast<size_t>(first_weights[i]) + width;
    if (static_cast<size_t>(first_bins[i]) + width > bins || last_weight > weights.size() ||
        last_weight > unweights.size()) {
      return false;
    }
  }
  return true;
}

void FilterBank::run(const uint32_t* spectrum, uint64_t* output) const {
  uint64_t passed_on = 0;
  for (size_t i = 0; i <= static_cast<size_t>(channels); ++i) {
    uint64_t sum = passed_on;
    passed_on = 0;
    for (int16_t j = 0; j < widths[i]; ++j) {
      const auto weight = static_cast<size_t>(first_weights[i] + j);
      const uint64_t bin = spectrum[first_bins[i] + j];
      sum += static_cast<uint64_t>(int64_t{weights[weight]}) * bin;
      passed_on += static_cast<uint64_t>(int64_t{unweights[weight]}) * bin;
    }
    if (i > 0) output[i - 1] = sum;
  }
}

void square_roots(std::span<const uint64_t> input, int shift, uint32_t* output) {
  for (size_t i = 0; i < input.size(); ++i) {
    // Not the same for numbers close to 2^32: the narrow root does not round beyond 16 bits.
    const uint32_t root = input[i] >> 32 == 0 ? square_root(static_cast<uint32_t>(input[i]))
                                              : static_cast<uint32_t>(square_root(input[i]));
    output[i] = root >> shift;
  }
}

void SpectralSubtraction::run(std::span<const uint32_t> input, uint32_t* output,
                              uint32_t* noise) const {
  for (size_t i = 0; i < input.size(); ++i) {
    const uint32_t signal = input[i] << smoothing_bits;
    noise[i] = static_cast<uint32_t>(
        (uint64_t{signal} * smoothing[i % 2] + uint64_t{noise[i]} * one_minus_smoothing[i % 2]) >>
        bits);
    const uint32_t taken = std::min(noise[i], signal);
    if (clamping) noise[i] = taken;
    const auto least = static_cast<uint32_t>((uint64_t{input[i]} * min_signal_remaining) >> bits);
    output[i] = std::max((signal - taken) >> smoothing_bits, least);
  }
}

void control_gain(std::span<const uint32_t> input, const uint32_t* noise, const int16_t* gains,
                  int shift, uint32_t* output) {
  for (size_t i = 0; i < input.size(); ++i) {
    const auto gain = static_cast<uint32_t>(int32_t{gain_at(noise[i], gains)});
    output[i] = shrunk(static_cast<uint32_t>((uint64_t{input[i]} * gain) >> shift));
  }
}

void logarithms(std::span<const uint32_t> input, int correction_bits, uint32_t output_scale,
                int16_t* output) {
  for (size_t i = 0; i < input.size(); ++i) {
    const uint32_t x = input[i] << correction_bits;
    output[i] = x <= 1 ? int16_t{0}
                       : static_cast<int16_t>(
                             std::min<uint32_t>(scaled_logarithm(x, output_scale), INT16_MAX));
  }
}

}  // namespace litesmith::kernels
