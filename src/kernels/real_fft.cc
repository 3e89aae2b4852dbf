// Cooley and Tukey's fast Fourier transform ("An algorithm for the machine calculation of complex
// Fourier series", 1965), decimated in time, of radix 4 as long as four divides and of radix 2 for
// what is left. The real numbers go in as half as many complex ones, whose spectrum the last step
// takes apart.
#include "kernels/real_fft.h"

#include <bit>
#include <cmath>
#include <numbers>

namespace litesmith::kernels {
namespace {

constexpr int kFractionBits = 15;
constexpr int16_t kOne = 32767;

int16_t rounded(int32_t x) {
  return static_cast<int16_t>((x + (1 << (kFractionBits - 1))) >> kFractionBits);
}

Complex16 operator+(Complex16 a, Complex16 b) {
  return {static_cast<int16_t>(a.re + b.re), static_cast<int16_t>(a.im + b.im)};
}

Complex16 operator-(Complex16 a, Complex16 b) {
  return {static_cast<int16_t>(a.re - b.re), static_cast<int16_t>(a.im - b.im)};
}

Complex16 operator*(Complex16 a, Complex16 b) {
  return {rounded(int32_t{a.re} * b.re - int32_t{a.im} * b.im),
          rounded(int32_t{a.re} * b.im + int32_t{a.im} * b.re)};
}

// By the fixed-point number below 1 / divisor.
Complex16 divided(Complex16 a, int32_t divisor) {
  const int32_t factor = kOne / divisor;
  return {rounded(a.re * factor), rounded(a.im * factor)};
}

Complex16 unit(double phase) {
  return {static_cast<int16_t>(std::floor(0.5 + kOne * std::cos(phase))),
          static_cast<int16_t>(std::floor(0.5 + kOne * std::sin(phase)))};
}

int16_t half(int32_t x) { return static_cast<int16_t>(x >> 1); }

}  // namespace

bool RealFft::fits(int32_t length) {
  constexpr int32_t kLongest = 1 << 20;
  return length >= 4 && length <= kLongest && std::has_single_bit(static_cast<uint32_t>(length));
}

RealFft::RealFft(int32_t length) : half_(static_cast<size_t>(length) / 2) {
  const auto n = static_cast<double>(half_);
  for (size_t i = 0; i < half_; ++i) {
    twiddles_.push_back(unit(-2 * std::numbers::pi * static_cast<double>(i) / n));
  }
  for (size_t i = 0; i < half_ / 2; ++i) {
    last_twiddles_.push_back(unit(-std::numbers::pi * (static_cast<double>(i + 1) / n + 0.5)));
  }
}

// Of the n numbers in[0], in[stride], in[2 * stride], ...
void RealFft::transform(Complex16* out, const Complex16* in, size_t stride, size_t n) const {
  const size_t radix = n % 4 == 0 ? 4 : 2;
  const size_t m = n / radix;
  for (size_t part = 0; part < radix; ++part) {
    if (m == 1) {
      out[part] = in[part * stride];
    } else {
      transform(out + part * m, in + part * stride, stride * radix, m);
    }
  }
  for (size_t k = 0; k < m; ++k) {
    Complex16* const at = out + k;
    if (radix == 2) {
      const Complex16 even = divided(at[0], 2);
      const Complex16 odd = divided(at[m], 2) * twiddles_[k * stride];
      at[0] = even + odd;
      at[m] = even - odd;
      continue;
    }
    const Complex16 first = divided(at[0], 4);
    const Complex16 second = divided(at[m], 4) * twiddles_[k * stride];
    const Complex16 third = divided(at[2 * m], 4) * twiddles_[2 * k * stride];
    const Complex16 fourth = divided(at[3 * m], 4) * twiddles_[3 * k * stride];
    const Complex16 even_sum = first + third;
    const Complex16 even_difference = first - third;
    const Complex16 odd_sum = second + fourth;
    const Complex16 odd_difference = second - fourth;
    // -i times it
    const Complex16 turned = {odd_difference.im, static_cast<int16_t>(-odd_difference.re)};
    at[0] = even_sum + odd_sum;
    at[m] = even_difference + turned;
    at[2 * m] = even_sum - odd_sum;
    at[3 * m] = even_difference - turned;
  }
}

void RealFft::run(const int16_t* in, Complex16* out, std::byte* scratch) const {
  auto* const spectrum = reinterpret_cast<Complex16*>(scratch);
  transform(spectrum, reinterpret_cast<const Complex16*>(in), 1, half_);
  const Complex16 constant = divided(spectrum[0], 2);
  out[0] = {static_cast<int16_t>(constant.re + constant.im), 0};
  out[half_] = {static_cast<int16_t>(constant.re - constant.im), 0};
  for (size_t k = 1; k <= half_ / 2; ++k) {
    const Complex16 low = divided(spectrum[k], 2);
    const Complex16 mirrored = {spectrum[half_ - k].re,
                                static_cast<int16_t>(-spectrum[half_ - k].im)};
    const Complex16 high = divided(mirrored, 2);
    const Complex16 even = low + high;
    const Complex16 odd = (low - high) * last_twiddles_[k - 1];
    out[k] = {half(even.re + odd.re), half(even.im + odd.im)};
    out[half_ - k] = {half(even.re - odd.re), half(odd.im - even.im)};
  }
}

}  // namespace litesmith::kernels
