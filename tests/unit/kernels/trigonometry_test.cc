#include "kernels/trigonometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "testing/ulp.h"

namespace litesmith::kernels {
namespace {

// The largest error in units of the last place, over floats of every size.
template <class Function, class Truth>
double worst_ulp(Function function, Truth truth) {
  double worst = 0;
  constexpr float largest = std::numeric_limits<float>::max();
  for (uint32_t bits = 0; bits <= std::bit_cast<uint32_t>(largest); bits += 4999 * kOneInValues) {
    for (const float x : {std::bit_cast<float>(bits), -std::bit_cast<float>(bits)}) {
      worst = std::max(worst, ulp_error(function(x), truth(static_cast<long double>(x))));
    }
  }
  return worst;
}

TEST(Sine, is_rounded_almost_correctly_for_every_angle) {
  EXPECT_LT(worst_ulp(sin_float, [](long double x) { return std::sin(x); }), 0.501);
}

TEST(Cosine, is_rounded_almost_correctly_for_every_angle) {
  EXPECT_LT(worst_ulp(cos_float, [](long double x) { return std::cos(x); }), 0.501);
}

TEST(Sine, keeps_the_sign_of_zero) {
  EXPECT_FALSE(std::signbit(sin_float(0.0f)));
  EXPECT_TRUE(std::signbit(sin_float(-0.0f)));
  EXPECT_EQ(cos_float(-0.0f), 1.0f);
}

TEST(Sine, of_what_is_no_angle_is_no_number) {
  for (const float x :
       {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
        std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_TRUE(std::isnan(sin_float(x)));
    EXPECT_TRUE(std::isnan(cos_float(x)));
  }
}

// The float nearest to a multiple of pi/2 of all: its cosine is as small as one gets.
TEST(Cosine, has_all_its_digits_where_it_is_smallest) {
  const float x = 16367173.0f * 0x1p72f;
  EXPECT_NEAR(cos_float(x) / static_cast<float>(std::cos(static_cast<long double>(x))), 1.0f,
              1e-7f);
}

}  // namespace
}  // namespace litesmith::kernels
