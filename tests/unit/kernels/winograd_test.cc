// Sums in another order: near the exact ones, and the same on every instruction set.
#include "kernels/winograd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/conv.h"
#include "kernels/conv_cases.h"
#include "kernels/narrow_dense.h"
#include "kernels/reference/pooling.h"

namespace litesmith::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Case {
  ConvShape shape;
  PooledOutputs pooled;
  std::vector<float> input;
  std::vector<float> filter;
  std::vector<float> bias;
  float low = -kInfinity;
};

// Even and odd outputs, square and tall patches, channels around vectors and, now and then, many;
// one patch and more than are transformed together.
std::vector<Case> cases() {
  Random random(5);
  std::vector<Case> result;
  for (int i = 0; i < 60; ++i) {
    const bool same = random.below(2) == 0;
    Case c{.shape = {.batches = random.between(1, 2),
                     .rows = window(random.between(4, 15), 3, 1, 1, same),
                     .columns = window(random.between(4, 15), 3, 1, 1, same),
                     .input_channels = i % 10 == 9 ? 256 : random.between(16, 37),
                     .output_channels = random.between(16, 70)},
           .pooled = {},
           .input = {},
           .filter = {},
           .bias = {}};
    c.pooled = PooledOutputs::none(c.shape);
    if (random.below(2) == 0) {
      c.pooled = {.output_rows = c.shape.rows.output / 2,
                  .output_columns = c.shape.columns.output / 2,
                  .rows = 2,
                  .columns = 2,
                  .row_stride = 2,
                  .column_stride = 2};
    }
    c.input = random.floats(input_size(c.shape), -2, 2);
    c.filter = random.floats(filter_size(c.shape), -1, 1);
    c.bias = random.floats(static_cast<size_t>(c.shape.output_channels), -2, 2);
    if (random.below(2) == 0) c.low = 0;
    result.push_back(std::move(c));
  }
  return result;
}

size_t results(const Case& c) {
  return c.pooled.output_pixels() * static_cast<size_t>(c.shape.batches) *
         static_cast<size_t>(c.shape.output_channels);
}

std::vector<float> winograd(Isa isa, const Case& c) {
  const WinogradConv conv(kernel_set(isa), c.shape, c.pooled, c.filter, c.bias, c.low, kInfinity);
  std::vector<float> output(results(c));
  Scratch scratch(conv.scratch_bytes());
  conv.run(c.input.data(), output.data(), scratch.data());
  return output;
}

// In double, rounded once.
std::vector<double> exact(const Case& c) {
  std::vector<double> outputs(output_size(c.shape));
  const size_t channels = static_cast<size_t>(c.shape.output_channels);
  const size_t inputs = static_cast<size_t>(c.shape.input_channels);
  size_t index = 0;
  for (int32_t b = 0; b < c.shape.batches; ++b) {
    const float* image = c.input.data() + static_cast<size_t>(b) * c.shape.input_size();
    for (int32_t y = 0; y < c.shape.rows.output; ++y) {
      for (int32_t x = 0; x < c.shape.columns.output; ++x) {
        for (size_t o = 0; o < channels; ++o) {
          double sum = static_cast<double>(c.bias[o]);
          for (int32_t i = 0; i < 3; ++i) {
            for (int32_t j = 0; j < 3; ++j) {
              const int64_t row = c.shape.rows.origin(y) + i;
              const int64_t column = c.shape.columns.origin(x) + j;
              if (row < 0 || row >= c.shape.rows.input || column < 0 ||
                  column >= c.shape.columns.input) {
                continue;
              }
              const float* pixel =
                  image + static_cast<size_t>(row * c.shape.columns.input + column) * inputs;
              const float* taps = &c.filter[(o * 9 + static_cast<size_t>(3 * i + j)) * inputs];
              for (size_t k = 0; k < inputs; ++k) {
                sum += static_cast<double>(pixel[k]) * static_cast<double>(taps[k]);
              }
            }
          }
          outputs[index++] = std::max(sum, static_cast<double>(c.low));
        }
      }
    }
  }
  if (!c.pooled.pools()) return outputs;
  std::vector<double> pooled(results(c));
  const ConvShape pool{.batches = c.shape.batches,
                       .rows = {.input = c.shape.rows.output,
                                .output = c.pooled.output_rows,
                                .taps = 2,
                                .stride = 2},
                       .columns = {.input = c.shape.columns.output,
                                   .output = c.pooled.output_columns,
                                   .taps = 2,
                                   .stride = 2},
                       .input_channels = c.shape.output_channels,
                       .output_channels = c.shape.output_channels};
  reference::pool(pool, outputs.data(), -std::numeric_limits<double>::infinity(),
                  reference::larger<double>,
                  [&](size_t i, double acc, int64_t) { pooled[i] = acc; });
  return pooled;
}

double largest_error(const std::vector<float>& actual, const std::vector<double>& expected) {
  double error = 0;
  double largest = 0;
  for (size_t i = 0; i < actual.size(); ++i) {
    error = std::max(error, std::abs(static_cast<double>(actual[i]) - expected[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  return error / largest;
}

std::vector<float> direct(const Case& c) {
  const FloatConv conv(kernel_set(default_isa()), c.shape, c.pooled, c.filter, c.bias, c.low,
                       kInfinity);
  std::vector<float> output(results(c));
  Scratch scratch(conv.scratch_bytes());
  conv.run(c.input.data(), output.data(), scratch.data());
  return output;
}

// Float rounding of some hundred terms, and of transforms that add up to sixteen of them. What sums
// of thousands lose is more than a millionth, but the direct sums, nine times as long, lose more.
TEST(Winograd, is_within_a_millionth_of_the_largest_or_nearer_than_direct_sums) {
  for (const Case& c : cases()) {
    const std::vector<double> expected = exact(c);
    const double bound = c.shape.input_channels < 64 ? 1e-6 : largest_error(direct(c), expected);
    ASSERT_LT(largest_error(winograd(default_isa(), c), expected), bound) << describe(c.shape);
  }
}

TEST(Winograd, has_the_same_bits_on_every_instruction_set) {
  for (const Case& c : cases()) {
    const std::vector<float> first = winograd(Isa::baseline, c);
    for (const Isa isa : supported_isas()) {
      ASSERT_EQ(winograd(isa, c), first) << to_string(isa) << ", " << describe(c.shape);
    }
  }
}

TEST(Winograd, takes_no_other_window) {
  ConvShape shape{.rows = window(8, 3, 1, 1, true),
                  .columns = window(8, 3, 1, 1, true),
                  .input_channels = 16,
                  .output_channels = 16};
  EXPECT_TRUE(WinogradConv::fits(shape, PooledOutputs::none(shape)));
  ConvShape other = shape;
  other.rows = window(8, 3, 2, 1, true);
  EXPECT_FALSE(WinogradConv::fits(other, PooledOutputs::none(other)));
  other = shape;
  other.columns = window(8, 3, 1, 2, true);
  EXPECT_FALSE(WinogradConv::fits(other, PooledOutputs::none(other)));
  other = shape;
  other.groups = 2;
  EXPECT_FALSE(WinogradConv::fits(other, PooledOutputs::none(other)));
  const PooledOutputs thirds{.output_rows = 2,
                             .output_columns = 2,
                             .rows = 3,
                             .columns = 3,
                             .row_stride = 3,
                             .column_stride = 3};
  EXPECT_FALSE(WinogradConv::fits(shape, thirds));
}

TEST(Narrow_dense_layer, is_near_the_exact_sums_with_the_same_bits_everywhere) {
  Random random(9);
  for (int i = 0; i < 40; ++i) {
    const int32_t rows = random.between(1, 3);
    const int32_t inputs = random.between(32, 300);
    const int32_t outputs = random.between(1, 16);
    const auto input = random.floats(static_cast<size_t>(rows * inputs));
    const auto filter = random.floats(static_cast<size_t>(outputs * inputs));
    const auto bias = random.floats(static_cast<size_t>(outputs));
    std::vector<double> expected;
    for (int32_t r = 0; r < rows; ++r) {
      for (int32_t o = 0; o < outputs; ++o) {
        double sum = static_cast<double>(bias[static_cast<size_t>(o)]);
        for (int32_t k = 0; k < inputs; ++k) {
          sum += static_cast<double>(input[static_cast<size_t>(r * inputs + k)]) *
                 static_cast<double>(filter[static_cast<size_t>(o * inputs + k)]);
        }
        expected.push_back(sum);
      }
    }
    std::vector<float> first;
    for (const Isa isa : supported_isas()) {
      const NarrowDense dense(kernel_set(isa), rows, inputs, outputs, filter, bias, -kInfinity,
                              kInfinity);
      std::vector<float> output(expected.size());
      dense.run(input.data(), output.data(), nullptr);
      if (first.empty()) first = output;
      ASSERT_EQ(output, first) << to_string(isa);
    }
    ASSERT_LT(largest_error(first, expected), 1e-6);
  }
}

}  // namespace
}  // namespace litesmith::kernels
