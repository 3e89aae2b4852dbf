// Facts about the kernels of sound; that they are TFLite Micro's to the bit is held by
// tests/interop/test_signal.py.
#include "kernels/signal.h"

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace litesmith::kernels {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

std::vector<Complex16> spectrum(const std::vector<int16_t>& in) {
  const RealFft fft(static_cast<int32_t>(in.size()));
  std::vector<Complex16> out(in.size() / 2 + 1);
  std::vector<std::byte> scratch(fft.scratch_bytes());
  fft.run(in.data(), out.data(), scratch.data());
  return out;
}

TEST(RealFft, takes_powers_of_two) {
  EXPECT_TRUE(RealFft::fits(4));
  EXPECT_TRUE(RealFft::fits(512));
  for (const int32_t length : {-4, 0, 1, 2, 6, 480, 1 << 21}) EXPECT_FALSE(RealFft::fits(length));
}

TEST(RealFft, a_wave_is_in_its_bin) {
  for (const int32_t length : {64, 128}) {
    constexpr double kPeriods = 5;
    std::vector<int16_t> wave;
    for (int32_t i = 0; i < length; ++i) {
      const double phase = 2 * std::numbers::pi * kPeriods * i / length;
      wave.push_back(static_cast<int16_t>(std::lround(20000 * std::cos(phase))));
    }
    const auto bins = spectrum(wave);
    for (size_t i = 0; i < bins.size(); ++i) {
      // Half of the amplitude, as there is a negative frequency, too.
      EXPECT_NEAR(bins[i].re, i == 5 ? 10000 : 0, 8) << length << " " << i;
      EXPECT_NEAR(bins[i].im, 0, 8) << length << " " << i;
    }
  }
}

TEST(Signal, scales_by_the_largest_magnitude) {
  std::array<int16_t, 3> out{};
  EXPECT_EQ(scale_for_fft(std::array<int16_t, 3>{3, -1000, 20}, out.data()), 5);
  EXPECT_THAT(out, ElementsAre(96, -32000, 640));
  EXPECT_EQ(scale_for_fft(std::array<int16_t, 3>{0, 0, 0}, out.data()), 0);
}

TEST(Signal, filters_must_stay_within_weights_and_spectrum) {
  const std::array<int16_t, 4> weights = {1, 2, 3, 4};
  std::array<int16_t, 2> bins = {0, 2};
  std::array<int16_t, 2> places = {0, 2};
  std::array<int16_t, 2> widths = {2, 2};
  const auto fits = [&](size_t spectrum) {
    return FilterBank{1, weights, weights, bins, places, widths}.fits(spectrum);
  };
  EXPECT_TRUE(fits(4));
  EXPECT_FALSE(fits(3));
  places[1] = 3;
  EXPECT_FALSE(fits(4));
  places[1] = -1;
  EXPECT_FALSE(fits(4));
  places[1] = 2;
  bins[0] = -1;
  EXPECT_FALSE(fits(4));
  widths[0] = 0;  // nothing is read of it
  EXPECT_TRUE(fits(4));
}

TEST(Signal, roots_are_rounded) {
  const std::array<uint64_t, 6> squares = {
      0, 2, 3, 1ull << 40, (1ull << 40) + (1ull << 20) + 1, UINT64_MAX};
  std::array<uint32_t, 6> roots{};
  square_roots(squares, 0, roots.data());
  EXPECT_THAT(roots, ElementsAre(0, 1, 2, 1u << 20, (1u << 20) + 1, UINT32_MAX));
}

TEST(Signal, logarithms_are_close_and_saturate) {
  std::vector<uint32_t> numbers = {0, 1};
  for (uint64_t x = 2; x <= UINT32_MAX; x = x * 3 / 2 + 1) {
    numbers.push_back(static_cast<uint32_t>(x));
  }
  std::vector<int16_t> made(numbers.size());
  logarithms(numbers, 0, 1000, made.data());
  for (size_t i = 1; i < numbers.size(); ++i) {
    EXPECT_NEAR(made[i], 1000 * std::log(numbers[i]), 3) << numbers[i];
  }
  EXPECT_EQ(made[0], 0);
  logarithms(std::vector<uint32_t>(4, UINT32_MAX), 0, 20000, made.data());
  EXPECT_THAT(std::vector<int16_t>(made.begin(), made.begin() + 4), Each(INT16_MAX));
}

}  // namespace
}  // namespace litesmith::kernels
