#include "kernels/reduce.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"
#include "kernels/sum.h"
#include "testing/random.h"

namespace litesmith::kernels {
namespace {

using Dims = std::vector<int32_t>;

// The sums by the definition, in double.
std::vector<double> by_definition(const Dims& shape, const std::vector<bool>& reduced,
                                  const std::vector<float>& in) {
  size_t outputs = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (!reduced[i]) outputs *= static_cast<size_t>(shape[i]);
  }
  std::vector<double> sums(outputs);
  for (size_t flat = 0; flat < in.size(); ++flat) {
    size_t rest = flat;
    size_t out = 0;
    size_t stride = 1;
    for (size_t i = shape.size(); i-- > 0;) {
      const size_t at = rest % static_cast<size_t>(shape[i]);
      rest /= static_cast<size_t>(shape[i]);
      if (reduced[i]) continue;
      out += at * stride;
      stride *= static_cast<size_t>(shape[i]);
    }
    sums[out] += in[flat];
  }
  return sums;
}

TEST(Reduction, sums_what_the_definition_says) {
  const std::vector<std::pair<Dims, std::vector<bool>>> cases = {
      {{4}, {true}},
      {{3, 5}, {true, false}},
      {{3, 5}, {false, true}},
      {{2, 3, 4, 5}, {false, true, true, false}},
      {{2, 3, 4, 5}, {true, false, true, false}},
      {{2, 3, 4, 5}, {false, true, false, true}},
      {{2, 1, 4, 1}, {true, true, false, true}},
      {{2, 3}, {false, false}},
      {{1, 1}, {true, false}},
  };
  Random random(1);
  for (const auto& [shape, reduced] : cases) {
    size_t count = 1;
    for (const int32_t d : shape) count *= static_cast<size_t>(d);
    const auto in = random.floats(count);
    const auto wanted = by_definition(shape, reduced, in);
    const Reduction reduction(shape, reduced);
    ASSERT_EQ(static_cast<size_t>(reduction.outputs()), wanted.size());
    EXPECT_EQ(static_cast<size_t>(reduction.outputs() * reduction.terms()), count);
    std::vector<float> sums(wanted.size());
    sum(reduction, in.data(), sums.data());
    for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(sums[i], wanted[i], 1e-5);
  }
}

TEST(Reduction, finds_extremes) {
  const Reduction columns(Dims{2, 3}, {true, false});
  const std::vector<int8_t> in = {1, -5, 3, 4, -6, 2};
  std::vector<int8_t> out(3);
  largest(columns, in.data(), out.data());
  EXPECT_EQ(out, (std::vector<int8_t>{4, -5, 3}));
  smallest(columns, in.data(), out.data());
  EXPECT_EQ(out, (std::vector<int8_t>{1, -6, 2}));
}

TEST(Reduction, refuses_more_groups_than_it_has_loops) {
  Dims shape(12, 2);
  std::vector<bool> reduced(12);
  for (size_t i = 0; i < 12; i += 2) reduced[i] = true;
  EXPECT_THROW(Reduction(shape, reduced), Error);
}

TEST(Sum, is_taken_in_one_tree) {
  // Term i goes to partial sum i % 16: 1e8 and -1e8 meet before the small terms join.
  std::vector<float> terms(32, 1.0f);
  terms[0] = 1e8f;
  terms[16] = -1e8f;
  const float total = sum_in_tree(32, [&](int64_t i) { return terms[static_cast<size_t>(i)]; });
  EXPECT_EQ(total, 30.0f);
  EXPECT_EQ(sum_in_tree(0, [](int64_t) { return 1.0f; }), 0.0f);
  EXPECT_EQ(sum_in_tree(5, [](int64_t) { return 1.0f; }), 5.0f);
}

TEST(QuantizedMean, of_every_arithmetic_is_within_a_step) {
  Random random(2);
  for (const int64_t terms : {1, 3, 49, 1000}) {
    const auto codes = random.integers<int8_t>(static_cast<size_t>(terms));
    int32_t total = 0;
    for (const int8_t each : codes) total += each;
    const float scale_in = 0.03f;
    const float scale_out = 0.02f;
    const double wanted = std::clamp(
        scale_in * (static_cast<double>(total) / terms - 4) / scale_out + 7, -128.0, 127.0);
    int8_t out = 0;
    ScaledSum scaled{
        mean_multiplier(quantize_multiplier(double{scale_in} / double{scale_out}), terms),
        4 * terms, 7};
    finish(scaled, &total, &out, 1);
    EXPECT_NEAR(out, wanted, 0.51);
    finish(prepare_spatial_mean(scale_in, 4, scale_out, 7, terms), &total, &out, 1, 1);
    EXPECT_NEAR(out, wanted, 1.01);
    finish(prepare_xnnpack_sum(scale_in, 4, scale_out, 7, terms, true), &total, &out, 1);
    EXPECT_NEAR(out, wanted, 0.51);
  }
}

TEST(QuantizedMean, of_nothing_is_the_lowest_code) {
  const int32_t total = 0;
  int8_t out = 1;
  finish(prepare_xnnpack_sum(0.5f, 4, 0.25f, 7, 0, true), &total, &out, 1);
  EXPECT_EQ(out, -128);
}

TEST(QuantizedMean, over_space_rounds_halves_up_in_whole_groups_of_channels) {
  const SpatialMean quarters = {quantize_multiplier(0.25), 0};
  const std::vector<int32_t> sums(17, -6);
  std::vector<int8_t> out(17);
  finish(quarters, sums.data(), out.data(), 17, 17);
  EXPECT_EQ(out[0], -1);
  EXPECT_EQ(out[15], -1);
  EXPECT_EQ(out[16], -2);
}

TEST(QuantizedSum, of_floats_is_within_a_step) {
  const int32_t total = 1234;
  int16_t out = 0;
  finish(prepare_float_sum(0.5f, 2, 0.25f, 0, 100), &total, &out, 1);
  EXPECT_EQ(out, 2068);
  finish(prepare_float_sum(1.0f, 0, 1e-9f, 0, 1), &total, &out, 1);
  EXPECT_EQ(out, -32768);  // what x86 makes of a number beyond int32
}

}  // namespace
}  // namespace litesmith::kernels
