// TFLite Micro's Signal operators, custom ones: the front end that turns sound into what speech
// models take (tflite-micro signal/micro/kernels). All are in integers.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operand 0 [..., n] times the window [k], again and again, over 2^shift: int16.
struct SignalWindow : OpOf<SignalWindow> {
  int32_t shift = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "shift", self.shift, 0);
  }
};

// Operand 0 [n] of int16 doubled as often as it goes, and how often [] of int32.
struct SignalFftAutoScale : OpOf<SignalFftAutoScale> {
  static const OpDef& definition();
};

// The spectrum of operand 0 [..., n], which zeros fill up to fft_length: [..., fft_length + 2],
// real and imaginary parts in turns.
struct SignalRfft : OpOf<SignalRfft> {
  int32_t type = static_cast<int32_t>(DType::int16);  // of operand and output
  int32_t fft_length = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "T", self.type, static_cast<int32_t>(DType::int16));
    visit(1, "fft_length", self.fft_length, 0);
  }
};

// The energies [n / 2] of uint32 of the bins of operand 0 [n] of int16 from start_index to before
// end_index. TFLite Micro leaves the others as its memory is; here they are 0.
struct SignalEnergy : OpOf<SignalEnergy> {
  int32_t end_index = 0;
  int32_t start_index = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "end_index", self.end_index, 0);
    visit(1, "start_index", self.start_index, 0);
  }
};

// The channels [num_channels] of uint64 of the energies [bins] of uint32. Operands 1 to 5, of
// int16: weights and what is left of them, and for each channel and one in front its first bin, its
// first weight and its width.
struct SignalFilterBank : OpOf<SignalFilterBank> {
  int32_t num_channels = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "num_channels", self.num_channels, 0);
  }
};

// The roots [n] of uint32 of operand 0 [n] of uint64, shifted right by operand 1 [] of int32.
struct SignalFilterBankSquareRoot : OpOf<SignalFilterBankSquareRoot> {
  static const OpDef& definition();
};

// The signal [num_channels] less the noise in it, and the noise, all uint32. Numbers below 1 are in
// steps of 2^-spectral_subtraction_bits. The op remembers the noise (OpDef::hidden_state).
struct SignalFilterBankSpectralSubtraction : OpOf<SignalFilterBankSpectralSubtraction> {
  int32_t alternate_one_minus_smoothing = 0;  // of odd channels
  int32_t alternate_smoothing = 0;
  bool clamping = false;
  int32_t min_signal_remaining = 0;
  int32_t num_channels = 0;
  int32_t one_minus_smoothing = 0;
  int32_t smoothing = 0;
  int32_t smoothing_bits = 0;
  int32_t spectral_subtraction_bits = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "alternate_one_minus_smoothing", self.alternate_one_minus_smoothing, 0);
    visit(1, "alternate_smoothing", self.alternate_smoothing, 0);
    visit(2, "clamping", self.clamping, false);
    visit(3, "min_signal_remaining", self.min_signal_remaining, 0);
    visit(4, "num_channels", self.num_channels, 0);
    visit(5, "one_minus_smoothing", self.one_minus_smoothing, 0);
    visit(6, "smoothing", self.smoothing, 0);
    visit(7, "smoothing_bits", self.smoothing_bits, 0);
    visit(8, "spectral_subtraction_bits", self.spectral_subtraction_bits, 0);
  }
};

// Operand 0 [n] times a gain that the noise, operand 1 [n], chooses from the table of operand 2
// [125 or more] of int16: uint32.
struct SignalPcan : OpOf<SignalPcan> {
  int32_t snr_shift = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "snr_shift", self.snr_shift, 0);
  }
};

// output_scale times the logarithms [n] of int16 of operand 0 [n] of uint32 times
// 2^input_correction_bits.
struct SignalFilterBankLog : OpOf<SignalFilterBankLog> {
  int32_t input_correction_bits = 0;
  int32_t output_scale = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "input_correction_bits", self.input_correction_bits, 0);
    visit(1, "output_scale", self.output_scale, 0);
  }
};

}  // namespace litesmith
