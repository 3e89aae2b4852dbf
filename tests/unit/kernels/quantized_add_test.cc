#include "kernels/quantized_add.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "testing/random.h"

namespace litesmith::kernels {
namespace {

struct Scales {
  float first, second, out;
};

Scales some_scales(Random& random) {
  const double first = std::exp2(random.uniform(-8, 1));
  const double second = first * std::exp2(random.uniform(-3, 3));
  const double out = std::max(first, second) * std::exp2(random.uniform(-1, 2));
  return {static_cast<float>(first), static_cast<float>(second), static_cast<float>(out)};
}

Addition int8_addition(const Scales& s, int z1, int z2, int zo) {
  Addition p = prepare_addition(s.first, s.second, s.out, 20);
  p.zero_point_first = z1;
  p.zero_point_second = z2;
  p.zero_point_out = zo;
  p.min = -128;
  p.max = 127;
  return p;
}

double real_sum(const Scales& s, int a, int b) { return (s.first * a + s.second * b) / s.out; }

TEST(QuantizedAdd, is_within_half_a_step_of_the_real_sum) {
  Random random(1);
  for (int round = 0; round < 50; ++round) {
    const Scales s = some_scales(random);
    const int z1 = random.between(-128, 127);
    const int z2 = random.between(-128, 127);
    const int zo = random.between(-128, 127);
    const auto a = random.integers<int8_t>(200);
    const auto b = random.integers<int8_t>(200);
    std::vector<int8_t> out(200);
    for (const bool subtract : {false, true}) {
      Addition p = int8_addition(s, z1, z2, zo);
      p.subtract = subtract;
      add(p, a.data(), 1, b.data(), 1, out.data(), 200);
      for (size_t i = 0; i < 200; ++i) {
        const double wanted = real_sum(s, a[i] - z1, (subtract ? -1 : 1) * (b[i] - z2)) + zo;
        EXPECT_NEAR(out[i], std::clamp(wanted, -128.0, 127.0), 0.501);
      }
    }
  }
}

TEST(QuantizedAdd, rounds_cheaply_in_whole_groups_only) {
  // Coarse enough for the roundings to show: an operand counts an eighth, by halving and a shift.
  Addition p;
  p.first = {1 << 30, -2};
  p.second = {1 << 30, -2};
  p.out = {std::numeric_limits<int32_t>::max(), 0};
  p.min = -128;
  p.max = 127;
  std::vector<int8_t> a(19, 14);
  std::fill(a.begin() + 8, a.begin() + 16, int8_t{11});
  const int8_t zero = 0;
  auto sums = [&](OperandRounding rounding, int64_t group) {
    p.rounding = rounding;
    p.group = group;
    std::vector<int8_t> out(a.size());
    add(p, a.data(), 1, &zero, 0, out.data(), static_cast<int64_t>(a.size()));
    return out;
  };
  const std::vector<int8_t> exact(19, 2);
  EXPECT_EQ(sums(OperandRounding::exact, 8), exact);
  // 7 / 4 down; 11 is halved to 6, and 6 / 4 goes down.
  std::vector<int8_t> floor(19, 1);
  std::fill(floor.begin() + 16, floor.end(), int8_t{2});
  EXPECT_EQ(sums(OperandRounding::floor, 8), floor);
  EXPECT_EQ(sums(OperandRounding::floor, 16), floor);
  // 14 / 4 goes down to 3, which is halved up; 11 / 4 to 2.
  std::vector<int8_t> early(19, 2);
  std::fill(early.begin() + 8, early.begin() + 16, int8_t{1});
  EXPECT_EQ(sums(OperandRounding::early, 16), early);
  // Whole groups that are longer than the run: none.
  EXPECT_EQ(sums(OperandRounding::floor, 20), exact);
}

TEST(QuantizedAdd, of_vectors_wraps_where_sixteen_bits_end) {
  // 127 * 300 steps of the output leave int16, and come back negative.
  Addition p = int8_addition({1.0f, 1.0f, 1.0f / 300}, 0, 0, 0);
  const std::vector<int8_t> a(16, 127);
  const std::vector<int8_t> zero(16, 0);
  std::vector<int8_t> out(16);
  add(p, a.data(), 1, zero.data(), 1, out.data(), 16);
  EXPECT_EQ(out[0], 127);
  p.rounding = OperandRounding::early;
  p.group = 16;
  add(p, a.data(), 1, zero.data(), 1, out.data(), 16);
  EXPECT_EQ(out[0], -128);
}

TEST(QuantizedAdd, repeats_an_operand_by_a_step_of_zero) {
  const Addition p = int8_addition({0.5f, 0.5f, 1.0f}, 0, 0, 0);
  const std::vector<int8_t> a = {10, 20, 30};
  const int8_t b = 4;
  std::vector<int8_t> out(3);
  add(p, a.data(), 1, &b, 0, out.data(), 3);
  EXPECT_EQ(out, (std::vector<int8_t>{7, 12, 17}));
}

TEST(QuantizedAdd, refuses_scales_that_LiteRT_aborts_on) {
  EXPECT_THROW(prepare_addition(1.0f, 1.0f, 1e-7f, 20), Error);
  EXPECT_THROW(prepare_addition(0.0f, 1.0f, 1.0f, 20), Error);
}

TEST(ShiftedAdd, divides_one_operand_and_saturates) {
  const ShiftedAddition p = {
      .shift_first = 0, .shift_second = 2, .subtract = false, .min = -32768, .max = 32767};
  const std::vector<int16_t> a = {100, 32767, -32768};
  const std::vector<int16_t> b = {6, 400, -400};
  std::vector<int16_t> out(3);
  add_shifted(p, a.data(), 1, b.data(), 1, out.data(), 3);
  EXPECT_EQ(out, (std::vector<int16_t>{102, 32767, -32768}));
}

TEST(XnnpackAdd, is_within_half_a_step_of_the_real_sum) {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    const Scales s = some_scales(random);
    const int z1 = random.between(0, 255);
    const int z2 = random.between(0, 255);
    const int zo = random.between(0, 255);
    XnnpackAddition p = prepare_xnnpack_addition(s.first, z1, s.second, z2, -1.0f, s.out, zo);
    p.min = 0;
    p.max = 255;
    const auto a = random.integers<uint8_t>(200);
    const auto b = random.integers<uint8_t>(200);
    std::vector<uint8_t> out(200);
    add(p, a.data(), 1, b.data(), 1, out.data(), 200);
    for (size_t i = 0; i < 200; ++i) {
      const double wanted = real_sum(s, a[i] - z1, -(b[i] - z2)) + zo;
      EXPECT_NEAR(out[i], std::clamp(wanted, 0.0, 255.0), 0.51);
    }
  }
}

TEST(XnnpackAdd, rounds_halves_up) {
  XnnpackAddition p = prepare_xnnpack_addition(0.5f, 0, 0.5f, 0, 1.0f, 1.0f, 0);
  p.min = -128;
  p.max = 127;
  const std::vector<int8_t> a = {1, -1, 3, -3};
  const int8_t zero = 0;
  std::vector<int8_t> out(4);
  add(p, a.data(), 1, &zero, 0, out.data(), 4);
  EXPECT_EQ(out, (std::vector<int8_t>{1, 0, 2, -1}));
}

}  // namespace
}  // namespace litesmith::kernels
