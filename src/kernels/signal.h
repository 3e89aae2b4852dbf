// The front end of speech models as TFLite Micro's Signal operators compute it, in integers
// (signal/src): from the energies of a spectrum to the logarithms of the channels of a filter bank,
// noise taken off and gain controlled (Wang et al., "Trainable frontend for robust and far-field
// keyword spotting", 2017; after Lyon's PCAN). The spectrum itself is real_fft.h's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/real_fft.h"

namespace litesmith::kernels {

// input * window / 2^shift, cut off and saturated.
void apply_window(std::span<const int16_t> input, std::span<const int16_t> window, int shift,
                  int16_t* output);

// Doubles all as often as the largest of them allows; returns how often. An element of -32768 makes
// TFLite Micro forget what came before it.
int32_t scale_for_fft(std::span<const int16_t> input, int16_t* output);

// The squares of the magnitudes.
void energies(std::span<const Complex16> spectrum, uint32_t* output);

// A bank of triangular filters that overlap by half: bin by bin, what a channel does not take of a
// bin (`unweights`) goes to the next channel. The arrays of places have one more element than there
// are channels, the first of which is of no channel.
struct FilterBank {
  int32_t channels = 0;
  std::span<const int16_t> weights;
  std::span<const int16_t> unweights;
  std::span<const int16_t> first_bins;
  std::span<const int16_t> first_weights;
  std::span<const int16_t> widths;

  // Whether no filter leaves the arrays and a spectrum of so many bins.
  bool fits(size_t bins) const;
  void run(const uint32_t* spectrum, uint64_t* output) const;
};

// Rounded square roots, then `shift` bits less: 0 to 31.
void square_roots(std::span<const uint64_t> input, int shift, uint32_t* output);

// Numbers below 1 have `bits` fractional bits; even and odd channels have smoothing of their own.
struct SpectralSubtraction {
  uint32_t smoothing[2];
  uint32_t one_minus_smoothing[2];
  uint32_t min_signal_remaining = 0;
  int smoothing_bits = 0;  // more fractional bits that the estimate has, 0 to 31
  int bits = 0;            // 0 to 63
  bool clamping = false;   // the estimate follows a signal below it

  // `noise` is what was estimated so far.
  void run(std::span<const uint32_t> input, uint32_t* output, uint32_t* noise) const;
};

// Per-channel amplitude normalization: the signal times a gain that the estimated noise chooses
// from a table of polynomials of second order, one for each power of two; then what is below 2
// shrinks by its square.
inline constexpr size_t kGainTable = 125;  // elements that such a table has at least
void control_gain(std::span<const uint32_t> input, const uint32_t* noise, const int16_t* gains,
                  int shift, uint32_t* output);

// output_scale * ln(input * 2^correction_bits), saturated; 0 of 0 and 1.
void logarithms(std::span<const uint32_t> input, int correction_bits, uint32_t output_scale,
                int16_t* output);

}  // namespace litesmith::kernels
