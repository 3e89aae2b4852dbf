#include "kernels/math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>

#include "testing/fnv.h"
#include "testing/ulp.h"

namespace litesmith::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
const float kNaN = std::numeric_limits<float>::quiet_NaN();

// Floats whose bits lie `step` apart, of both signs up to `limit`.
template <class Body>
void sweep(float limit, uint32_t step, Body&& body) {
  for (uint32_t bits = 0; bits <= std::bit_cast<uint32_t>(limit); bits += step) {
    body(std::bit_cast<float>(bits));
    body(-std::bit_cast<float>(bits));
  }
}

// The largest error in units of the last place of the true value, which long double gives.
template <class Function, class Truth>
double worst_ulp(float limit, Function function, Truth truth) {
  double worst = 0;
  sweep(limit, 9973 * kOneInValues, [&](float x) {
    const long double wanted = truth(static_cast<long double>(x));
    const auto rounded = static_cast<float>(wanted);
    if (!std::isfinite(rounded)) {
      const float got = function(x);
      EXPECT_TRUE(std::isnan(rounded) ? std::isnan(got) : got == rounded) << x;
      return;
    }
    worst = std::max(worst, ulp_error(function(x), wanted));
  });
  return worst;
}

#if __LDBL_MANT_DIG__ >= 64
TEST(Math, exp_is_within_one_ulp_subnormals_included) {
  EXPECT_LT(worst_ulp(110, exp_float, [](long double x) { return std::exp(x); }), 1.0);
}

TEST(Math, expm1_is_within_one_and_a_half_ulp) {
  EXPECT_LT(worst_ulp(110, expm1_float, [](long double x) { return std::expm1(x); }), 1.5);
}

TEST(Math, tanh_is_within_two_and_a_half_ulp) {
  EXPECT_LT(worst_ulp(30, tanh_float, [](long double x) { return std::tanh(x); }), 2.5);
}

TEST(Math, logistic_is_within_three_ulp_in_both_tails) {
  EXPECT_LT(worst_ulp(87, logistic_float, [](long double x) { return 1 / (1 + std::exp(-x)); }),
            3.0);
}

TEST(Math, log_is_within_one_ulp_of_every_positive_float) {
  EXPECT_LT(worst_ulp(std::numeric_limits<float>::max(), log_float,
                      [](long double x) { return std::log(x); }),
            1.0);
}

TEST(Math, erf_is_within_one_point_two_ulp) {
  EXPECT_LT(worst_ulp(8, erf_float, [](long double x) { return std::erf(x); }), 1.2);
}
#endif

TEST(Math, has_the_limits_of_its_functions) {
  EXPECT_EQ(exp_float(kInfinity), kInfinity);
  EXPECT_EQ(exp_float(-kInfinity), 0.0f);
  EXPECT_EQ(exp_float(0.0f), 1.0f);
  EXPECT_EQ(expm1_float(-kInfinity), -1.0f);
  EXPECT_EQ(expm1_float(kInfinity), kInfinity);
  EXPECT_EQ(tanh_float(kInfinity), 1.0f);
  EXPECT_EQ(tanh_float(-kInfinity), -1.0f);
  EXPECT_TRUE(std::signbit(tanh_float(-0.0f)));
  EXPECT_EQ(logistic_float(-kInfinity), 0.0f);
  EXPECT_EQ(logistic_float(kInfinity), 1.0f);
  EXPECT_EQ(logistic_float(0.0f), 0.5f);
  EXPECT_EQ(log_float(0.0f), -kInfinity);
  EXPECT_EQ(log_float(kInfinity), kInfinity);
  EXPECT_EQ(log_float(1.0f), 0.0f);
  EXPECT_TRUE(std::isnan(log_float(-1.0f)));
  EXPECT_TRUE(std::isnan(log_float(-kInfinity)));
  EXPECT_EQ(erf_float(kInfinity), 1.0f);
  EXPECT_EQ(erf_float(-kInfinity), -1.0f);
}

TEST(Math, passes_on_what_is_no_number) {
  EXPECT_TRUE(std::isnan(exp_float(kNaN)));
  EXPECT_TRUE(std::isnan(expm1_float(kNaN)));
  EXPECT_TRUE(std::isnan(tanh_float(kNaN)));
  EXPECT_TRUE(std::isnan(logistic_float(kNaN)));
  EXPECT_TRUE(std::isnan(log_float(kNaN)));
  EXPECT_TRUE(std::isnan(erf_float(kNaN)));
}

uint64_t fingerprint(float (*function)(float)) {
  Fnv1a results;
  sweep(100, 99991, [&](float x) { results.add(function(x)); });
  return results.hash();
}

TEST(Math, gives_the_same_bits_on_every_machine) {
  EXPECT_EQ(fingerprint(exp_float), 0x51cbb56e7564c2b2u);
  EXPECT_EQ(fingerprint(expm1_float), 0x3578619678192847u);
  EXPECT_EQ(fingerprint(tanh_float), 0xe172de4739021263u);
  EXPECT_EQ(fingerprint(logistic_float), 0xf0602a6a4e8fa6ffu);
  EXPECT_EQ(fingerprint(log_float), 0x767f6e01fb26e7c5u);
  EXPECT_EQ(fingerprint(erf_float), 0xff71e0f01c21712bu);
}

}  // namespace
}  // namespace litesmith::kernels
