// The fast pooling against the scalar definition, on every instruction set of this machine.
#include "kernels/pooling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "kernels/conv_cases.h"
#include "kernels/reference/pooling.h"

namespace litesmith::kernels {
namespace {

class Pooling_on_every_isa : public testing::TestWithParam<Isa> {};

INSTANTIATE_TEST_SUITE_P(, Pooling_on_every_isa, testing::ValuesIn(supported_isas()),
                         [](const auto& each) { return std::string(to_string(each.param)); });

// Shapes of conv_cases.h without what pooling has not.
std::vector<ConvShape> pool_shapes(uint64_t seed, int count) {
  std::vector<ConvShape> shapes;
  for (ConvShape shape : conv_shapes(seed, count, true)) {
    const bool same = shape.rows.padding_before > 0 || shape.columns.padding_before > 0;
    shape.rows = window(shape.rows.input, shape.rows.taps, shape.rows.stride, 1, same);
    shape.columns = window(shape.columns.input, shape.columns.taps, shape.columns.stride, 1, same);
    if (shape.rows.output < 1 || shape.columns.output < 1) continue;
    shape.groups = 1;
    shape.output_channels = shape.input_channels;
    shapes.push_back(shape);
  }
  return shapes;
}

template <class T>
std::vector<T> run(Isa isa, Pooling pooling, const ConvShape& shape, const std::vector<T>& input,
                   T min, T max) {
  std::vector<T> output(output_size(shape));
  Pool<T>(kernel_set(isa), pooling, shape, min, max).run(input.data(), output.data());
  return output;
}

template <class T>
void integers_equal(Isa isa, uint64_t seed) {
  Random random(seed);
  for (const ConvShape& shape : pool_shapes(seed, 80)) {
    const auto input = random.integers<T>(input_size(shape));
    const auto low = static_cast<T>(std::numeric_limits<T>::min() + random.below(60));
    const auto high = static_cast<T>(std::numeric_limits<T>::max() - random.below(60));
    std::vector<T> expected(output_size(shape));
    reference::pool(shape, input.data(), std::numeric_limits<T>::min(), reference::larger<T>,
                    [&](size_t i, T acc, int64_t) { expected[i] = std::clamp(acc, low, high); });
    ASSERT_EQ(run(isa, Pooling::max, shape, input, low, high), expected) << describe(shape);
    reference::pool(
        shape, input.data(), int64_t{0}, [](int64_t sum, T x) { return sum + x; },
        [&](size_t i, int64_t sum, int64_t count) {
          expected[i] = static_cast<T>(
              std::clamp<int64_t>(reference::rounded_average(sum, count), low, high));
        });
    ASSERT_EQ(run(isa, Pooling::average, shape, input, low, high), expected) << describe(shape);
  }
}

TEST_P(Pooling_on_every_isa, of_integers_equals_the_definition) {
  integers_equal<int8_t>(GetParam(), 1);
  integers_equal<uint8_t>(GetParam(), 2);
  integers_equal<int16_t>(GetParam(), 3);
}

TEST_P(Pooling_on_every_isa, of_floats_equals_the_definition) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  Random random(4);
  for (const ConvShape& shape : pool_shapes(4, 80)) {
    const auto input = random.floats(input_size(shape), -3, 3);
    std::vector<float> expected(output_size(shape));
    reference::pool(
        shape, input.data(), -infinity, reference::larger<float>,
        [&](size_t i, float acc, int64_t) { expected[i] = std::clamp(acc, -1.0f, infinity); });
    ASSERT_EQ(run(GetParam(), Pooling::max, shape, input, -1.0f, infinity), expected);
    reference::pool(
        shape, input.data(), 0.0f, [](float sum, float x) { return sum + x; },
        [&](size_t i, float sum, int64_t count) {
          expected[i] = std::clamp(sum / static_cast<float>(count), -1.0f, 1.0f);
        });
    ASSERT_EQ(run(GetParam(), Pooling::average, shape, input, -1.0f, 1.0f), expected);
  }
}

TEST_P(Pooling_on_every_isa, passes_over_what_is_no_number) {
  const ConvShape shape{.rows = window(1, 1, 1, 1, false), .columns = window(3, 3, 1, 1, false)};
  const float nan = std::nanf("");
  EXPECT_EQ(run<float>(GetParam(), Pooling::max, shape, {nan, -2, nan}, -9, 9)[0], -2);
}

TEST(Pooling, averages_halves_away_from_zero) {
  EXPECT_EQ(reference::rounded_average(5, 2), 3);
  EXPECT_EQ(reference::rounded_average(-5, 2), -3);
  EXPECT_EQ(reference::rounded_average(-4, 3), -1);
  EXPECT_EQ(reference::rounded_average(0, 4), 0);
}

TEST(Pooling, of_windows_whose_sum_may_overflow_is_refused) {
  const ConvShape shape{.rows = window(1 << 14, 1 << 14, 1, 1, false),
                        .columns = window(1 << 14, 1 << 14, 1, 1, false)};
  EXPECT_THROW(Pool<int8_t>(kernel_set(Isa::baseline), Pooling::average, shape, -128, 127), Error);
}

}  // namespace
}  // namespace litesmith::kernels
