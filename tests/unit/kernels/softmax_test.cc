#include "kernels/softmax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"
#include "kernels/real_softmax.h"
#include "testing/random.h"

namespace litesmith::kernels {
namespace {

TEST(Softmax, int8_saturates_at_127) {
  const std::vector<int8_t> in = {127, -128, -128};
  std::vector<int8_t> out(3);
  softmax({1, 3}, prepare_fixed_softmax(1.0f, 0.5f), in.data(), out.data());
  EXPECT_EQ(out, (std::vector<int8_t>{127, -128, -128}));
  softmax({1, 3}, prepare_table_softmax(1.0f, 0.5f, 1.0f / 256, -128), in.data(), out.data());
  EXPECT_EQ(out, (std::vector<int8_t>{127, -128, -128}));
}

TEST(Softmax, int8_is_within_a_step_and_int16_within_a_thousandth) {
  Random random(3);
  for (const float scale : {0.01f, 0.05f, 0.3f}) {
    const auto in = random.integers<int8_t>(20);
    std::vector<double> x;
    for (const int8_t each : in) x.push_back(0.5 * scale * each);
    const auto wanted = real_softmax(x);
    std::vector<int8_t> fixed(20);
    std::vector<int8_t> table(20);
    softmax({1, 20}, prepare_fixed_softmax(0.5f, scale), in.data(), fixed.data());
    softmax({1, 20}, prepare_table_softmax(0.5f, scale, 1.0f / 256, -128), in.data(), table.data());
    std::vector<int16_t> wide;
    for (const int8_t each : in) wide.push_back(static_cast<int16_t>(each * 256));
    std::vector<int16_t> out16(20);
    softmax({1, 20}, prepare_int16_softmax(0.5f, scale / 256), wide.data(), out16.data());
    for (size_t i = 0; i < 20; ++i) {
      const double steps = std::min(wanted[i] * 256 - 128, 127.0);
      EXPECT_NEAR(fixed[i], steps, 1.0);
      EXPECT_NEAR(table[i], steps, 0.51);
      EXPECT_NEAR(out16[i], wanted[i] * 32768, 33);  // a thousandth
    }
  }
}

TEST(Softmax, refuses_steps_too_fine_for_fixed_point) {
  EXPECT_THROW(prepare_fixed_softmax(1.0f, 1e-9f), Error);
}

TEST(LogSoftmax, int8_is_within_a_step_of_the_real_one) {
  Random random(4);
  const auto in = random.integers<int8_t>(12);
  const float scale = 0.04f;
  std::vector<double> x;
  for (const int8_t each : in) x.push_back(scale * each);
  const auto wanted = real_softmax(x);
  std::vector<int8_t> fixed(12);
  std::vector<int8_t> table(12);
  log_softmax({1, 12}, prepare_fixed_log_softmax(scale), in.data(), fixed.data());
  log_softmax({1, 12}, prepare_table_softmax(1.0f, scale, 16.0f / 256, 127), in.data(),
              table.data());
  for (size_t i = 0; i < 12; ++i) {
    const double steps = std::max(std::log(wanted[i]) * 16 + 127, -128.0);
    EXPECT_NEAR(fixed[i], steps, 1.0);
    EXPECT_NEAR(table[i], steps, 1.0);
  }
}

}  // namespace
}  // namespace litesmith::kernels
