#include "kernels/table_functions.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace litesmith::kernels {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLn2High = 0x1.62e42fefa39efp-1;
constexpr double kLn2Low = 0x1.abc9e3b39803fp-56;

// e^r - 1 for |r| <= 0.347 by its Taylor series, whose terms fall below 2^-60 of the sum.
double expm1_series(double r) {
  double sum = 0;
  for (int n = 18; n >= 1; --n) sum = std::fma(sum, r, 1.0) * (1.0 / n);
  return sum * r;
}

struct Reduced {
  int n;
  double r;
};
Reduced reduce_by_ln2(double x) {
  const double n = std::nearbyint(x * 0x1.71547652b82fep0);
  return {static_cast<int>(n), std::fma(-n, kLn2Low, std::fma(-n, kLn2High, x))};
}

double expm1_double(double x) {
  if (x > 700) return exp_double(x);
  if (x < -50) return -1;
  const auto [n, r] = reduce_by_ln2(x);
  const double scale = std::ldexp(1.0, n);
  return std::fma(scale, expm1_series(r), scale - 1);
}

}  // namespace

double exp_double(double x) {
  if (std::isnan(x)) return x;
  if (x > 710) return kInfinity;
  if (x < -750) return 0;
  const auto [n, r] = reduce_by_ln2(x);
  return std::ldexp(1 + expm1_series(r), n);
}

float correct_exp(float x) { return static_cast<float>(exp_double(x)); }

float correct_expm1(float x) { return std::isnan(x) ? x : static_cast<float>(expm1_double(x)); }

float correct_log(float x) {
  if (std::isnan(x) || x < 0) return std::numeric_limits<float>::quiet_NaN();
  if (x == 0) return -std::numeric_limits<float>::infinity();
  if (std::isinf(x)) return x;
  // x = 2^e * m, m near 1; ln m = 2 atanh(t) with t = (m - 1) / (m + 1), |t| <= 0.172.
  int e = 0;
  double m = std::frexp(static_cast<double>(x), &e);
  if (m < 0.70710678118654752) {
    m *= 2;
    --e;
  }
  const double t = (m - 1) / (m + 1);
  const double t2 = t * t;
  double sum = 0;
  for (int k = 25; k >= 1; k -= 2) sum = std::fma(sum, t2, 1.0 / k);
  return static_cast<float>(e * kLn2High + (2 * t * sum + e * kLn2Low));
}

float correct_tanh(float x) {
  if (std::isnan(x)) return x;
  const double a = std::fabs(static_cast<double>(x));
  if (a > 20) return std::copysign(1.0f, x);
  const double t = expm1_double(2 * a);
  return static_cast<float>(std::copysign(t / (t + 2), static_cast<double>(x)));
}

// erf by the series without cancellation (Abramowitz and Stegun 7.1.6); beyond 1, where one minus
// it would lose digits, erfc by the continued fraction 7.1.14.
float correct_erfc(float x) {
  if (std::isnan(x)) return x;
  const double a = std::fabs(static_cast<double>(x));
  if (a > 11) return x > 0 ? 0.0f : 2.0f;
  const double gauss = exp_double(-a * a);
  constexpr double kOneOverSqrtPi = 0x1.20dd750429b6dp-1;
  if (a < 1) {
    double term = a;
    double sum = a;
    for (int n = 1; n < 30; ++n) {
      term *= 2 * a * a / (2 * n + 1);
      sum += term;
    }
    const double erf = 2 * kOneOverSqrtPi * gauss * sum;
    return static_cast<float>(x > 0 ? 1 - erf : 1 + erf);
  }
  double fraction = 0;
  for (int n = 300; n >= 1; --n) fraction = 0.5 * n / (a + fraction);
  const double erfc = kOneOverSqrtPi * gauss / (a + fraction);
  return static_cast<float>(x > 0 ? erfc : 2 - erfc);
}

}  // namespace litesmith::kernels
