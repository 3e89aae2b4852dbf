#include "kernels/table_functions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "testing/random.h"
#include "testing/ulp.h"

namespace litesmith::kernels {
namespace {

#if __LDBL_MANT_DIG__ >= 64
// How many of 200,000 results (ulp.h: or fewer) are not the float nearest to the true value.
template <class Truth>
int misrounded(double low, double high, float (*function)(float), Truth truth) {
  Random random(5);
  int count = 0;
  for (int i = 0; i < 200000 / kOneInValues; ++i) {
    const auto x = static_cast<float>(random.uniform(low, high));
    count += function(x) != static_cast<float>(truth(static_cast<long double>(x))) ? 1 : 0;
  }
  return count;
}

TEST(TableFunctions, are_correctly_rounded) {
  EXPECT_EQ(misrounded(-30, 30, correct_exp, [](long double x) { return std::exp(x); }), 0);
  EXPECT_EQ(misrounded(-20, 20, correct_expm1, [](long double x) { return std::expm1(x); }), 0);
  EXPECT_EQ(misrounded(1e-3, 1e3, correct_log, [](long double x) { return std::log(x); }), 0);
  EXPECT_EQ(misrounded(-10, 10, correct_tanh, [](long double x) { return std::tanh(x); }), 0);
  EXPECT_EQ(misrounded(-1, 1, correct_tanh, [](long double x) { return std::tanh(x); }), 0);
  EXPECT_EQ(misrounded(-5, 5, correct_erfc, [](long double x) { return std::erfc(x); }), 0);
  EXPECT_EQ(misrounded(0.9, 1.1, correct_erfc, [](long double x) { return std::erfc(x); }), 0);
}

TEST(TableFunctions, exp_in_double_is_within_one_ulp) {
  Random random(6);
  for (int i = 0; i < 100000 / kOneInValues; ++i) {
    const double x = random.uniform(-700, 700);
    const long double wanted = std::exp(static_cast<long double>(x));
    EXPECT_LT(std::fabs((exp_double(x) - wanted) / wanted), 0x1p-52L) << x;
  }
}
#endif

TEST(TableFunctions, have_limits) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(correct_exp(infinity), infinity);
  EXPECT_EQ(correct_exp(-infinity), 0.0f);
  EXPECT_EQ(correct_expm1(-infinity), -1.0f);
  EXPECT_EQ(correct_log(0.0f), -infinity);
  EXPECT_TRUE(std::isnan(correct_log(-1.0f)));
  EXPECT_EQ(correct_tanh(infinity), 1.0f);
  EXPECT_EQ(correct_erfc(infinity), 0.0f);
  EXPECT_EQ(correct_erfc(-infinity), 2.0f);
}

}  // namespace
}  // namespace litesmith::kernels
