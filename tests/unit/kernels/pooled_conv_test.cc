// A convolution that keeps the largest of each window of its outputs, against the convolution by
// itself with the definition of pooling behind it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "kernels/conv.h"
#include "kernels/conv_cases.h"
#include "kernels/keeps_order.h"
#include "kernels/reference/pooling.h"

namespace litesmith::kernels {
namespace {

class Pooled_on_every_isa : public testing::TestWithParam<NamedSet> {
 protected:
  const KernelSet& set() const { return *GetParam().set; }
};

INSTANTIATE_TEST_SUITE_P(, Pooled_on_every_isa, testing::ValuesIn(convolution_sets()),
                         [](const auto& each) { return each.param.name; });

struct Case {
  ConvShape shape;
  PooledOutputs pooled;
};

// Windows of one to twelve positions, some with outputs between them that none covers.
std::vector<Case> cases(uint64_t seed, int count) {
  Random random(seed);
  std::vector<Case> result;
  for (ConvShape shape : conv_shapes(seed, count, false)) {
    PooledOutputs pooled;
    auto choose = [&](int32_t outputs, int32_t most, int32_t& window, int32_t& stride) {
      window = random.between(1, std::min(outputs, most));
      stride = window + random.below(2);
      return (outputs - window) / stride + 1;
    };
    pooled.output_rows = choose(shape.rows.output, 3, pooled.rows, pooled.row_stride);
    pooled.output_columns = choose(shape.columns.output, 4, pooled.columns, pooled.column_stride);
    if (pooled.pools()) result.push_back({shape, pooled});
  }
  return result;
}

size_t pooled_size(const Case& c) {
  return c.pooled.output_pixels() * static_cast<size_t>(c.shape.batches) *
         static_cast<size_t>(c.shape.output_channels);
}

template <class T>
std::vector<T> pool(const Case& c, const std::vector<T>& outputs) {
  const ConvShape shape{.batches = c.shape.batches,
                        .rows = {.input = c.shape.rows.output,
                                 .output = c.pooled.output_rows,
                                 .taps = c.pooled.rows,
                                 .stride = c.pooled.row_stride},
                        .columns = {.input = c.shape.columns.output,
                                    .output = c.pooled.output_columns,
                                    .taps = c.pooled.columns,
                                    .stride = c.pooled.column_stride},
                        .input_channels = c.shape.output_channels,
                        .output_channels = c.shape.output_channels};
  std::vector<T> result(pooled_size(c));
  const T lowest = std::is_floating_point_v<T> ? -std::numeric_limits<T>::infinity()
                                               : std::numeric_limits<T>::lowest();
  reference::pool(shape, outputs.data(), lowest, reference::larger<T>,
                  [&](size_t index, T acc, int64_t) { result[index] = acc; });
  return result;
}

// Bytes, so that -0 is not 0.
template <class T>
std::string bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

template <class T, class Conv>
std::vector<T> run(const Conv& conv, const std::vector<T>& input, size_t outputs) {
  std::vector<T> output(outputs);
  Scratch scratch(conv.scratch_bytes());
  conv.run(input.data(), output.data(), scratch.data());
  return output;
}

TEST_P(Pooled_on_every_isa, floats_have_the_bits_of_convolution_and_pool) {
  Random random(1);
  for (const Case& c : cases(51, 120)) {
    const auto input = random.floats(input_size(c.shape), -2, 2);
    const auto filter = random.floats(filter_size(c.shape), -2, 2);
    const auto bias = random.floats(static_cast<size_t>(c.shape.output_channels), -2, 2);
    const float low = random.below(2) == 0 ? 0 : -std::numeric_limits<float>::infinity();
    const FloatConv apart(set(), c.shape, PooledOutputs::none(c.shape), filter, bias, low, 6);
    const FloatConv pooled(set(), c.shape, c.pooled, filter, bias, low, 6);
    ASSERT_EQ(bytes(run(pooled, input, pooled_size(c))),
              bytes(pool(c, run(apart, input, output_size(c.shape)))))
        << describe(c.shape);
  }
}

template <class Policy, class T>
void integers(const KernelSet& set, uint64_t seed) {
  Random random(seed);
  for (const Case& c : cases(seed, 60)) {
    const auto input = random.integers<T>(input_size(c.shape));
    std::vector<int16_t> filter;
    for (size_t i = 0; i < filter_size(c.shape); ++i) {
      filter.push_back(static_cast<int16_t>(random.between(-127, 127)));
    }
    Requantization<Policy> requantization{.parameters = {},
                                          .zero_point = sizeof(T) == 2 ? 0 : random.between(-5, 5),
                                          .min = std::numeric_limits<T>::min(),
                                          .max = std::numeric_limits<T>::max()};
    std::vector<int64_t> bias;
    const double terms =
        static_cast<double>(filter.size()) / static_cast<double>(c.shape.output_channels);
    for (int32_t i = 0; i < c.shape.output_channels; ++i) {
      bias.push_back(random.between(-20000, 20000));
      const double real = (sizeof(T) == 2 ? 1e-2 : 1e-2 / std::sqrt(terms)) * random.uniform(0, 1);
      if constexpr (std::is_same_v<typename Policy::Parameter, Multiplier>) {
        requantization.parameters.push_back(quantize_multiplier(real, Policy::max_exponent));
      } else {
        requantization.parameters.push_back(static_cast<typename Policy::Parameter>(real));
      }
    }
    ASSERT_TRUE(keeps_order(requantization, filter, bias, sizeof(T) == 2 ? 1 << 15 : 255));
    const int32_t zero_point = sizeof(T) == 2 ? 0 : random.between(-100, 100);
    const IntegerConv<T> apart(set, c.shape, PooledOutputs::none(c.shape), zero_point, filter, bias,
                               requantization);
    const IntegerConv<T> pooled(set, c.shape, c.pooled, zero_point, filter, bias, requantization);
    ASSERT_EQ(run(pooled, input, pooled_size(c)), pool(c, run(apart, input, output_size(c.shape))))
        << describe(c.shape);
  }
}

TEST_P(Pooled_on_every_isa, int8_equals_convolution_and_pool) {
  integers<FloatHalfEven, int8_t>(set(), 61);
  integers<DoubleRounding, int8_t>(set(), 62);
  integers<DoubleProduct<int32_t>, int8_t>(set(), 63);
}

TEST_P(Pooled_on_every_isa, int16_with_wide_sums_equals_convolution_and_pool) {
  integers<WideRounding, int16_t>(set(), 64);
  integers<DoubleProduct<int64_t>, int16_t>(set(), 65);
}

TEST(Order, is_not_kept_by_a_negative_multiplier) {
  const std::vector<int16_t> filter = {1};
  EXPECT_TRUE(keeps_order(Requantization<FloatHalfEven>{.parameters = {0.5f}}, filter, {}, 255));
  EXPECT_FALSE(keeps_order(Requantization<FloatHalfEven>{.parameters = {-0.5f}}, filter, {}, 255));
  EXPECT_FALSE(keeps_order(Requantization<DoubleRounding>{.parameters = {{-(1 << 30), 0}}}, filter,
                           {}, 255));
}

TEST(Order, is_not_kept_where_bits_are_lost) {
  const std::vector<int16_t> filter = {1};
  // 255 * 2^23 just fits 32 bits.
  EXPECT_TRUE(
      keeps_order(Requantization<DoubleRounding>{.parameters = {{1 << 30, 23}}}, filter, {}, 255));
  EXPECT_FALSE(
      keeps_order(Requantization<DoubleRounding>{.parameters = {{1 << 30, 24}}}, filter, {}, 255));
  const std::vector<int64_t> bias = {int64_t{1} << 33};
  EXPECT_FALSE(keeps_order(Requantization<WideRounding>{.parameters = {{1 << 30, 0}}}, filter, bias,
                           1 << 15));
}

}  // namespace
}  // namespace litesmith::kernels
