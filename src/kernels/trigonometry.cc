// The angle is brought to a quadrant and a rest of at most pi/4, whose sine and cosine are Taylor
// series in double; they are exact to 2^-44, far below half a float's ulp.
//
// Up to 2^30 the rest is x - k * pi/2 with pi/2 in two doubles (Cody and Waite). Beyond, only bits
// of x * 2/pi around the binary point matter: a window of 2/pi is multiplied by the mantissa in
// integers (Payne and Hanek, 1983).
#include "kernels/trigonometry.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace litesmith::kernels {
namespace {

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

struct Angle {
  int quadrant;  // modulo 4
  double rest;   // |rest| <= pi/4
};

constexpr double kHalfPi = 0x1.921fb54442d18p+0;
constexpr double kHalfPiRest = 0x1.1a62633145c07p-54;

// The first 256 bits of 2/pi behind the binary point.
constexpr uint64_t kTwoOverPi[] = {0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041,
                                   0xfe5163abdebbc561};

// 128 bits of 2/pi, the first of weight 2^-(skip + 1).
Wide two_over_pi(int skip) {
  const int word = skip / 64;
  const int shift = skip % 64;
  auto at = [](int i) { return i < 4 ? kTwoOverPi[i] : 0; };
  auto joined = [&](int i) {
    return shift == 0 ? at(i) : (at(i) << shift) | (at(i + 1) >> (64 - shift));
  };
  return (Wide{joined(word)} << 64) | joined(word + 1);
}

// |x| >= 2^30, finite.
Angle reduce_large(float x) {
  const auto bits = std::bit_cast<uint32_t>(x);
  const uint32_t mantissa = (bits & 0x7fffff) | 0x800000;
  const int exponent = static_cast<int>((bits >> 23) & 0xff) - 150;  // |x| = mantissa * 2^exponent
  // Bits of 2/pi above weight 2^(1 - exponent) only add whole turns.
  const Wide turns = two_over_pi(exponent - 2) * mantissa;  // in units of 2^-126 quarter turns
  const auto quadrant = static_cast<int>((turns + (Wide{1} << 125)) >> 126);
  const auto rest = static_cast<SignedWide>(turns - (static_cast<Wide>(quadrant) << 126));
  const double part = static_cast<double>(static_cast<int64_t>(rest >> 64)) * 0x1p-62 +
                      static_cast<double>(static_cast<uint64_t>(rest)) * 0x1p-126;
  const Angle angle = {quadrant & 3, part * kHalfPi};
  return x < 0 ? Angle{-angle.quadrant & 3, -angle.rest} : angle;
}

Angle reduce(float x) {
  if (std::fabs(x) >= 0x1p30f) return reduce_large(x);
  const double k = std::floor(static_cast<double>(x) * 0x1.45f306dc9c883p-1 + 0.5);
  const double rest = std::fma(-k, kHalfPiRest, std::fma(-k, kHalfPi, static_cast<double>(x)));
  return {static_cast<int>(static_cast<int64_t>(k) & 3), rest};
}

double sine(double r) {
  const double s = r * r;
  double p = 1.0 / 6227020800.0;
  p = p * s - 1.0 / 39916800.0;
  p = p * s + 1.0 / 362880.0;
  p = p * s - 1.0 / 5040.0;
  p = p * s + 1.0 / 120.0;
  p = p * s - 1.0 / 6.0;
  return r + r * s * p;
}

double cosine(double r) {
  const double s = r * r;
  double p = -1.0 / 87178291200.0;
  p = p * s + 1.0 / 479001600.0;
  p = p * s - 1.0 / 3628800.0;
  p = p * s + 1.0 / 40320.0;
  p = p * s - 1.0 / 720.0;
  p = p * s + 1.0 / 24.0;
  p = p * s - 1.0 / 2.0;
  return 1.0 + s * p;
}

float of_angle(const Angle& angle, int quadrants_ahead) {
  const int quadrant = (angle.quadrant + quadrants_ahead) & 3;
  const double value = (quadrant & 1) != 0 ? cosine(angle.rest) : sine(angle.rest);
  return static_cast<float>((quadrant & 2) != 0 ? -value : value);
}

}  // namespace

float sin_float(float x) {
  if (!std::isfinite(x)) return std::numeric_limits<float>::quiet_NaN();
  if (x == 0) return x;  // the sign of zero
  return of_angle(reduce(x), 0);
}

float cos_float(float x) {
  if (!std::isfinite(x)) return std::numeric_limits<float>::quiet_NaN();
  return of_angle(reduce(x), 1);
}

}  // namespace litesmith::kernels
