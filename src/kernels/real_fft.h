// The spectrum of real numbers in 16-bit fixed point, bit for bit as kissfft gives it to TFLite
// Micro's SignalRfft (kissfft 130 with FIXED_POINT 16; signal/src/rfft_int16.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace litesmith::kernels {

struct Complex16 {
  int16_t re;
  int16_t im;
};

// Each butterfly of p branches first divides its inputs by p, so that nothing overflows but the
// last rounding: the spectrum is that of the input over 2 * length.
class RealFft {
 public:
  // Lengths that are powers of two; kissfft has other radices, which no audio front end asks for.
  static bool fits(int32_t length);
  explicit RealFft(int32_t length);

  size_t scratch_bytes() const { return half_ * sizeof(Complex16); }
  // From `length` numbers the bins 0 to length / 2.
  void run(const int16_t* in, Complex16* out, std::byte* scratch) const;

 private:
  void transform(Complex16* out, const Complex16* in, size_t stride, size_t n) const;

  size_t half_;                           // the length of the complex transform
  std::vector<Complex16> twiddles_;       // of the complex transform
  std::vector<Complex16> last_twiddles_;  // of the step that parts real from imaginary
};

}  // namespace litesmith::kernels
