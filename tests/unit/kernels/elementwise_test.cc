#include "kernels/elementwise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/convert.h"

namespace litesmith::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

template <class T>
std::vector<T> apply(Binary op, const std::vector<T>& a, const std::vector<T>& b,
                     T min = std::numeric_limits<T>::lowest(),
                     T max = std::numeric_limits<T>::max()) {
  std::vector<T> out(std::max(a.size(), b.size()));
  binary(op, min, max, a.data(), a.size() == 1 ? 0 : 1, b.data(), b.size() == 1 ? 0 : 1, out.data(),
         static_cast<int64_t>(out.size()));
  return out;
}

std::vector<float> apply(Unary op, const std::vector<float>& in, float a = 0, float b = 0) {
  std::vector<float> out(in.size());
  unary(op, a, b, in.data(), out.data(), static_cast<int64_t>(in.size()));
  return out;
}

TEST(Binary, computes_and_clamps) {
  const std::vector<float> a = {1, -2, 3};
  const std::vector<float> b = {4, 5, -6};
  EXPECT_EQ(apply(Binary::add, a, b), (std::vector<float>{5, 3, -3}));
  EXPECT_EQ(apply(Binary::subtract, a, b), (std::vector<float>{-3, -7, 9}));
  EXPECT_EQ(apply(Binary::multiply, a, b, 0.0f, 6.0f), (std::vector<float>{4, 0, 0}));
  EXPECT_EQ(apply(Binary::divide, b, a), (std::vector<float>{4, -2.5, -2}));
  EXPECT_EQ(apply(Binary::maximum, a, b), (std::vector<float>{4, 5, 3}));
  EXPECT_EQ(apply(Binary::minimum, a, b), (std::vector<float>{1, -2, -6}));
  EXPECT_EQ(apply(Binary::squared_difference, a, b), (std::vector<float>{9, 49, 81}));
  EXPECT_EQ(apply(Binary::prelu, a, b), (std::vector<float>{1, -10, 3}));
}

TEST(Binary, repeats_either_operand) {
  const std::vector<int32_t> a = {10, 20};
  const std::vector<int32_t> one = {3};
  EXPECT_EQ(apply(Binary::subtract, a, one), (std::vector<int32_t>{7, 17}));
  EXPECT_EQ(apply(Binary::subtract, one, a), (std::vector<int32_t>{-7, -17}));
}

TEST(Binary, integers_wrap_and_divide_without_trapping) {
  constexpr int32_t lowest = std::numeric_limits<int32_t>::min();
  constexpr int32_t highest = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(apply<int32_t>(Binary::add, {highest}, {1}), std::vector<int32_t>{lowest});
  EXPECT_EQ(apply<int32_t>(Binary::multiply, {1 << 20}, {1 << 12}), std::vector<int32_t>{0});
  EXPECT_EQ(apply<int32_t>(Binary::divide, {lowest}, {-1}), std::vector<int32_t>{lowest});
  EXPECT_EQ(apply<int32_t>(Binary::divide, {7}, {0}), std::vector<int32_t>{0});
  EXPECT_EQ(apply<int32_t>(Binary::divide, {-7}, {2}), std::vector<int32_t>{-3});
  EXPECT_EQ(apply<int16_t>(Binary::multiply, {1000}, {1000}), std::vector<int16_t>{16960});
}

TEST(Binary, passes_on_what_is_no_number) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(apply<float>(Binary::add, {nan}, {1}, 0.0f, 6.0f)[0]));
}

TEST(Unary, computes_the_functions_of_the_schema) {
  const std::vector<float> x = {-4, -1, 0, 0.5f, 2, 7};
  struct Case {
    Unary op;
    double (*truth)(double);
  };
  const Case cases[] = {
      {Unary::elu, [](double v) { return v < 0 ? std::expm1(v) : v; }},
      {Unary::gelu, [](double v) { return 0.5 * v * std::erfc(-v * std::sqrt(0.5)); }},
      {Unary::approximate_gelu,
       [](double v) {
         return 0.5 * v * (1 + std::tanh(0.7978845608 * (v + 0.044715 * v * v * v)));
       }},
      {Unary::hard_swish, [](double v) { return v * std::clamp(v + 3, 0.0, 6.0) / 6; }},
      {Unary::logistic, [](double v) { return 1 / (1 + std::exp(-v)); }},
      {Unary::tanh, [](double v) { return std::tanh(v); }},
      {Unary::exp, [](double v) { return std::exp(v); }},
      {Unary::magnitude, [](double v) { return std::fabs(v); }},
      {Unary::negate, [](double v) { return -v; }},
      {Unary::square, [](double v) { return v * v; }},
  };
  for (const Case& each : cases) {
    const auto y = apply(each.op, x);
    for (size_t i = 0; i < x.size(); ++i) {
      const double wanted = each.truth(x[i]);
      EXPECT_NEAR(y[i], wanted, 1e-6 * std::max(1.0, std::fabs(wanted))) << x[i];
    }
  }
  EXPECT_EQ(apply(Unary::clamp, x, 0, 6), (std::vector<float>{0, 0, 0, 0.5f, 2, 6}));
  EXPECT_EQ(apply(Unary::leaky_relu, x, 0.5f), (std::vector<float>{-2, -0.5f, 0, 0.5f, 2, 7}));
  EXPECT_EQ(apply(Unary::sqrt, {0, 4, 9}), (std::vector<float>{0, 2, 3}));
  EXPECT_EQ(apply(Unary::rsqrt, {4, 0}), (std::vector<float>{0.5f, kInfinity}));
  EXPECT_NEAR(apply(Unary::log, {2.0f})[0], std::log(2.0), 1e-7);
}

TEST(Unary, elu_of_large_inputs_stays_finite) { EXPECT_EQ(apply(Unary::elu, {1e30f})[0], 1e30f); }

TEST(Convert, as_x86_gives_the_least_integer_for_what_does_not_fit) {
  constexpr int32_t lowest = std::numeric_limits<int32_t>::min();
  EXPECT_EQ(to_int32_as_x86(-2.9), -2);
  EXPECT_EQ(to_int32_as_x86(2147483647.5), 2147483647);
  EXPECT_EQ(to_int32_as_x86(2147483648.0), lowest);
  EXPECT_EQ(to_int32_as_x86(kInfinity), lowest);
  EXPECT_EQ(to_int32_as_x86(std::numeric_limits<double>::quiet_NaN()), lowest);
}

TEST(Convert, saturates_at_both_ends_of_every_type) {
  EXPECT_EQ((saturating_cast<int8_t>(300.0f, int8_t{0})), 127);
  EXPECT_EQ((saturating_cast<uint8_t>(-1.0f, uint8_t{0})), 0);
  EXPECT_EQ((saturating_cast<int64_t>(1e30f, int64_t{0})), std::numeric_limits<int64_t>::max());
  EXPECT_EQ((saturating_cast<int64_t>(-1e30f, int64_t{0})), std::numeric_limits<int64_t>::min());
  EXPECT_EQ((saturating_cast<uint32_t>(4294967296.0, uint32_t{0})), 4294967295u);
  EXPECT_EQ((saturating_cast<int16_t>(-1.99f, int16_t{0})), -1);
  EXPECT_EQ((saturating_cast<int16_t>(std::nanf(""), int16_t{7})), 7);
}

TEST(Unary, logistic_in_pieces_is_the_exponential_below_minus_nine) {
  const std::vector<float> in = {-20, -9.5f, -9, 0, 3, 20};
  std::vector<float> pieces(6);
  std::vector<float> whole(6);
  std::vector<float> exp(6);
  unary(Unary::logistic_in_pieces, 0, 0, in.data(), pieces.data(), 6);
  unary(Unary::logistic, 0, 0, in.data(), whole.data(), 6);
  unary(Unary::exp, 0, 0, in.data(), exp.data(), 6);
  EXPECT_EQ(pieces[0], exp[0]);
  EXPECT_EQ(pieces[1], exp[1]);
  for (size_t i = 2; i < 6; ++i) EXPECT_FLOAT_EQ(pieces[i], whole[i]);
  EXPECT_GT(pieces[1], whole[1]);
}

}  // namespace
}  // namespace litesmith::kernels
