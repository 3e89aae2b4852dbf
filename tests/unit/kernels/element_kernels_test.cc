// The loops over floats and codes, on every instruction set of this machine.
#include "kernels/element_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "kernels/real_softmax.h"
#include "testing/fnv.h"
#include "testing/random.h"

namespace litesmith::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
const float kNaN = std::numeric_limits<float>::quiet_NaN();

class Elements_on_every_isa : public testing::TestWithParam<Isa> {
 protected:
  const ElementKernels& kernels() const { return element_kernels(GetParam()); }

  std::vector<float> apply(Unary op, const std::vector<float>& in, float a = 0, float b = 0) const {
    std::vector<float> out(in.size());
    kernels().unary(op, a, b, in.data(), out.data(), static_cast<int64_t>(in.size()));
    return out;
  }
  std::vector<float> apply(Binary op, const std::vector<float>& a, const std::vector<float>& b,
                           float min = -kInfinity, float max = kInfinity) const {
    std::vector<float> out(std::max(a.size(), b.size()));
    kernels().binary(op, min, max, a.data(), a.size() == 1 ? 0 : 1, b.data(), b.size() == 1 ? 0 : 1,
                     out.data(), static_cast<int64_t>(out.size()));
    return out;
  }
};

INSTANTIATE_TEST_SUITE_P(, Elements_on_every_isa, testing::ValuesIn(supported_isas()),
                         [](const auto& each) { return std::string(to_string(each.param)); });

uint64_t fingerprint(const std::vector<float>& values) {
  Fnv1a results;
  for (const float each : values) results.add(each);
  return results.hash();
}

// Of all sizes and signs, special ones among them; no multiple of any vector's width.
std::vector<float> many_floats() {
  Random random(1);
  std::vector<float> values = random.floats(1501, -12, 12);
  for (int exponent = -140; exponent < 128; ++exponent) {
    values.push_back(std::ldexp(1.5f, exponent));
    values.push_back(-std::ldexp(1.25f, exponent));
  }
  values.insert(values.begin() + 100, {0.0f, -0.0f, kInfinity, -kInfinity, kNaN});
  return values;
}

TEST_P(Elements_on_every_isa, computes_the_functions_of_the_schema) {
  const std::vector<float> x = {-4, -1, 0, 0.5f, 2, 7, -0.25f, 1, 3, -2, 5, 0.1f, -7, 4, -3, 6, -5};
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
  EXPECT_EQ(apply(Unary::clamp, {-4, -1, 0, 0.5f, 2, 7}, 0, 6),
            (std::vector<float>{0, 0, 0, 0.5f, 2, 6}));
  EXPECT_EQ(apply(Unary::leaky_relu, {-4, -1, 0, 7}, 0.5f), (std::vector<float>{-2, -0.5f, 0, 7}));
  EXPECT_EQ(apply(Unary::sqrt, {0, 4, 9}), (std::vector<float>{0, 2, 3}));
  EXPECT_EQ(apply(Unary::rsqrt, {4, 0}), (std::vector<float>{0.5f, kInfinity}));
  EXPECT_NEAR(apply(Unary::log, {2.0f})[0], std::log(2.0), 1e-7);
}

TEST_P(Elements_on_every_isa, functions_have_the_same_bits_everywhere) {
  const std::vector<float> x = many_floats();
  const std::pair<Unary, uint64_t> expected[] = {
      {Unary::clamp, 0xdfb5865b73565739u},
      {Unary::leaky_relu, 0x2118588525ccdcf5u},
      {Unary::elu, 0x899f5632d5f4c9e1u},
      {Unary::gelu, 0xe57b8f8c12b88212u},
      {Unary::approximate_gelu, 0x658ddeff162513a2u},
      {Unary::hard_swish, 0x91c09528308b4be3u},
      {Unary::logistic, 0x51e02b05f7d72276u},
      {Unary::logistic_in_pieces, 0x0f009652b71933a9u},
      {Unary::tanh, 0x8c3e79ccaf68e2d3u},
      {Unary::exp, 0x24ffb7332bcd0a89u},
      {Unary::log, 0xc3248fcbba8ed8adu},
      {Unary::sqrt, 0xd2bb520ce7087066u},
      {Unary::rsqrt, 0x078e019ac40c0728u},
      {Unary::magnitude, 0xb2c25f4b983e7057u},
      {Unary::negate, 0xc72b701e183e7057u},
      {Unary::square, 0x3d22af5ab4211079u},
  };
  for (const auto& [op, hash] : expected) {
    EXPECT_EQ(fingerprint(apply(op, x, -0.75f, 6.0f)), hash) << static_cast<int>(op);
  }
}

TEST_P(Elements_on_every_isa, elu_of_large_inputs_stays_finite) {
  EXPECT_EQ(apply(Unary::elu, {1e30f})[0], 1e30f);
}

TEST_P(Elements_on_every_isa, logistic_in_pieces_is_the_exponential_below_minus_nine) {
  const std::vector<float> x = {-20, -9.5f, -9, 0, 3, 20};
  const auto pieces = apply(Unary::logistic_in_pieces, x);
  const auto whole = apply(Unary::logistic, x);
  const auto exp = apply(Unary::exp, x);
  EXPECT_EQ(pieces[0], exp[0]);
  EXPECT_EQ(pieces[1], exp[1]);
  for (size_t i = 2; i < 6; ++i) EXPECT_FLOAT_EQ(pieces[i], whole[i]);
  EXPECT_GT(pieces[1], whole[1]);
}

TEST_P(Elements_on_every_isa, operators_compute_and_clamp) {
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

TEST_P(Elements_on_every_isa, operators_have_the_same_bits_everywhere) {
  const std::vector<float> a = many_floats();
  std::vector<float> b = a;
  std::rotate(b.begin(), b.begin() + 777, b.end());
  const std::pair<Binary, uint64_t> expected[] = {
      {Binary::add, 0x9ec57b33bb27af09u},      {Binary::subtract, 0x7cb7e391d53046dbu},
      {Binary::multiply, 0xbbc4ecad9e6cc288u}, {Binary::divide, 0x0f4b14f2a7c8107fu},
      {Binary::maximum, 0x655999bb57a894b7u},  {Binary::minimum, 0x436d1c91ccb5c782u},
      {Binary::prelu, 0x1894ac9c2961483cu},    {Binary::squared_difference, 0x346358ea7efc1207u},
  };
  for (const auto& [op, hash] : expected) {
    std::vector<float> results = apply(op, a, b);
    for (const auto& more : {apply(op, a, {b[5]}, -3, 9), apply(op, {a[7]}, b)}) {
      results.insert(results.end(), more.begin(), more.end());
    }
    EXPECT_EQ(fingerprint(results), hash) << static_cast<int>(op);
  }
}

TEST_P(Elements_on_every_isa, operators_pass_on_what_is_no_number) {
  EXPECT_TRUE(std::isnan(apply(Binary::add, {kNaN}, {1}, 0.0f, 6.0f)[0]));
}

TEST_P(Elements_on_every_isa, extremes_widen_what_they_are_given) {
  Random random(13);
  for (size_t count = 0; count < 200; ++count) {
    std::vector<float> values = random.floats(count, -3, 5);
    const bool has_nan = count > 0 && random.below(3) == 0;
    if (has_nan) {
      values[static_cast<size_t>(random.below(static_cast<int>(count)))] =
          std::numeric_limits<float>::quiet_NaN();
    }
    float expected_min = -0.5f;
    float expected_max = 0.25f;
    for (const float value : values) {
      if (value < expected_min) expected_min = value;
      if (value > expected_max) expected_max = value;
    }
    float min = -0.5f;
    float max = 0.25f;
    EXPECT_EQ(kernels().extremes(values.data(), std::ssize(values), &min, &max), has_nan);
    EXPECT_EQ(min, expected_min) << count;
    EXPECT_EQ(max, expected_max) << count;
  }
}

TEST_P(Elements_on_every_isa, softmax_and_its_logarithm_are_close_to_the_real_ones) {
  Random random(2);
  for (const int64_t length : {1, 5, 16, 37, 1000}) {
    const auto n = static_cast<size_t>(length);
    const auto in = random.floats(3 * n, -10, 10);
    std::vector<float> out(in.size());
    std::vector<float> logarithms(in.size());
    kernels().softmax({3, length}, 0.7f, in.data(), out.data());
    kernels().log_softmax({3, length}, in.data(), logarithms.data());
    for (size_t row = 0; row < 3; ++row) {
      const std::vector<double> x(&in[row * n], &in[row * n] + n);
      std::vector<double> scaled(x);
      for (double& each : scaled) each *= 0.7;
      const auto wanted = real_softmax(scaled);
      const auto plain = real_softmax(x);
      for (size_t i = 0; i < n; ++i) {
        EXPECT_NEAR(out[row * n + i], wanted[i], 1e-6);
        EXPECT_NEAR(logarithms[row * n + i], std::log(plain[i]), 1e-5);
      }
    }
  }
}

TEST_P(Elements_on_every_isa, softmax_has_the_same_bits_everywhere) {
  Random random(3);
  const auto in = random.floats(3 * 1003, -20, 20);
  std::vector<float> out(in.size());
  kernels().softmax({3, 1003}, 0.7f, in.data(), out.data());
  EXPECT_EQ(fingerprint(out), 0x232a8fd28f8d4ef8u);
  kernels().log_softmax({3, 1003}, in.data(), out.data());
  EXPECT_EQ(fingerprint(out), 0xa383c85c49d8b4eeu);
}

TEST_P(Elements_on_every_isa, softmax_of_equal_logits_is_uniform) {
  const std::vector<float> in(8, 5.0f);
  std::vector<float> out(8);
  kernels().softmax({1, 8}, 1.0f, in.data(), out.data());
  EXPECT_EQ(out, std::vector<float>(8, 0.125f));
}

// The formulas for codes against their definitions: every length up to a few vectors, operands that
// repeat, extreme and usual scales.
template <class T>
class Codes {
 public:
  explicit Codes(const CodeKernels<T>& kernels) : kernels_(kernels) {}

  void add() {
    for (int round = 0; round < 100; ++round) {
      draw();
      auto p = prepare_xnnpack_addition(scale(-6, 2), code(), scale(-6, 2), code(),
                                        round % 2 == 0 ? 1.0f : -1.0f, scale(-4, 4), code());
      bound(p);
      for (const auto& [step_a, step_b] : kSteps) {
        kernels::add(p, a_.data(), step_a, b_.data(), step_b, expected_.data(), count_);
        kernels_.add(p, a_.data(), step_a, b_.data(), step_b, out_.data(), count_);
        ASSERT_EQ(out_, expected_);
      }
    }
  }

  void multiply() {
    for (int round = 0; round < 100; ++round) {
      draw();
      XnnpackMultiplication p;
      p.zero_point_first = code();
      p.zero_point_second = code();
      p.zero_point_out = code();
      // Products on halves too.
      p.scale = round % 3 == 0 ? 0x1p-7f : scale(-16, 2);
      bound(p);
      for (const auto& [step_a, step_b] : kSteps) {
        kernels::multiply(p, a_.data(), step_a, b_.data(), step_b, expected_.data(), count_);
        kernels_.multiply(p, a_.data(), step_a, b_.data(), step_b, out_.data(), count_);
        ASSERT_EQ(out_, expected_);
      }
    }
  }

  void quantize() {
    for (int round = 0; round < 100; ++round) {
      draw();
      const AffineScale q = {round % 2 == 0 ? 0.25f : scale(-8, 2), code()};
      std::vector<float> in = random_.floats(a_.size(), -300 * q.scale, 300 * q.scale);
      for (float& each : in) {
        const int kind = random_.below(8);
        if (kind < 3) each = (std::nearbyint(each / q.scale) + 0.5f) * q.scale;
        if (kind == 3) each = std::array{kInfinity, -kInfinity, kNaN, 1e30f}[random_.bits() % 4];
      }
      kernels::quantize(FloatRounding::xnnpack, q, in.data(), expected_.data(), count_);
      kernels_.quantize(q, in.data(), out_.data(), count_);
      ASSERT_EQ(out_, expected_);
    }
  }

  void dequantize() {
    for (int round = 0; round < 100; ++round) {
      draw();
      const AffineScale q = {scale(-8, 2), code()};
      std::vector<float> expected(a_.size());
      std::vector<float> out(a_.size());
      kernels::dequantize(Dequantization::product, q, a_.data(), expected.data(), count_);
      kernels_.dequantize(q, a_.data(), out.data(), count_);
      ASSERT_EQ(out, expected);
    }
  }

 private:
  static constexpr std::pair<int64_t, int64_t> kSteps[] = {{1, 1}, {1, 0}, {0, 1}};

  void draw() {
    count_ = random_.below(150);
    const auto n = static_cast<size_t>(count_) + 1;
    a_ = random_.integers<T>(n);
    b_ = random_.integers<T>(n);
    out_.assign(n, T{7});  // the last stays
    expected_ = out_;
  }
  float scale(double low, double high) {
    return static_cast<float>(std::exp2(random_.uniform(low, high)));
  }
  int32_t code() { return static_cast<T>(random_.bits()); }
  template <class Parameters>
  void bound(Parameters& p) {
    p.min = std::numeric_limits<T>::min() + random_.below(20);
    p.max = std::numeric_limits<T>::max() - random_.below(20);
  }

  const CodeKernels<T>& kernels_;
  Random random_{4};
  int64_t count_ = 0;
  std::vector<T> a_, b_, out_, expected_;
};

TEST_P(Elements_on_every_isa, int8_codes_equal_the_definitions) {
  Codes<int8_t> codes(kernels().codes<int8_t>());
  codes.add();
  codes.multiply();
  codes.quantize();
  codes.dequantize();
}

TEST_P(Elements_on_every_isa, uint8_codes_equal_the_definitions) {
  Codes<uint8_t> codes(kernels().codes<uint8_t>());
  codes.add();
  codes.multiply();
  codes.quantize();
  codes.dequantize();
}

}  // namespace
}  // namespace litesmith::kernels
