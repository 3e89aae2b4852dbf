// Every fast convolution against the scalar definition, on every instruction set of this machine.
#include "kernels/conv.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "kernels/conv_cases.h"
#include "kernels/depthwise.h"
#include "kernels/narrow_dense.h"
#include "kernels/planar_conv.h"
#include "kernels/reference/convolution.h"
#include "kernels/split_conv.h"

namespace litesmith::kernels {
namespace {

class On_every_isa : public testing::TestWithParam<NamedSet> {
 protected:
  const KernelSet& set() const { return *GetParam().set; }
};

INSTANTIATE_TEST_SUITE_P(, On_every_isa, testing::ValuesIn(convolution_sets()),
                         [](const auto& each) { return each.param.name; });

// Bits, so that -0 is not 0 and NaN is itself.
std::vector<uint32_t> bits(const std::vector<float>& values) {
  std::vector<uint32_t> result(values.size());
  std::memcpy(result.data(), values.data(), values.size() * sizeof(float));
  return result;
}

float clamped(float x, float low, float high) {
  const float at_least = x < low ? low : x;
  return high < at_least ? high : at_least;
}

// Floats with zeros of both signs among them.
std::vector<float> floats_with_zeros(Random& random, size_t count) {
  std::vector<float> values = random.floats(count, -2, 2);
  for (float& value : values) {
    const int kind = random.below(8);
    if (kind == 0) value = 0;
    if (kind == 1) value = -0.0f;
  }
  return values;
}

template <class TapWeight>
std::vector<float> float_reference(const ConvShape& shape, const std::vector<float>& input,
                                   reference::TapOrder order, TapWeight weight,
                                   const std::vector<float>& bias, float low, float high) {
  std::vector<float> output(output_size(shape));
  reference::convolve(
      shape, input.data(), reference::FloatProducts{}, order,
      [&](int32_t channel) { return bias.empty() ? 0.0f : bias[static_cast<size_t>(channel)]; },
      weight,
      [&](size_t index, float acc, int32_t, int32_t) { output[index] = clamped(acc, low, high); });
  return output;
}

TEST_P(On_every_isa, float_convolution_has_the_bits_of_the_definition) {
  Random random(1);
  for (const ConvShape& shape : conv_shapes(11, 150, false)) {
    const auto input = floats_with_zeros(random, input_size(shape));
    const auto filter = floats_with_zeros(random, filter_size(shape));
    const auto bias = random.below(4) == 0
                          ? std::vector<float>()
                          : floats_with_zeros(random, static_cast<size_t>(shape.output_channels));
    const float low = random.below(2) == 0 ? 0 : -std::numeric_limits<float>::infinity();
    const float high = random.below(2) == 0 ? 6 : std::numeric_limits<float>::infinity();
    const FloatConv conv(set(), shape, PooledOutputs::none(shape), filter, bias, low, high);
    std::vector<float> output(output_size(shape));
    Scratch scratch(conv.scratch_bytes());
    conv.run(input.data(), output.data(), scratch.data());
    ASSERT_EQ(bits(output), bits(float_reference(shape, input, reference::TapOrder::by_row,
                                                 reference::filter_by_output(shape, filter.data()),
                                                 bias, low, high)))
        << describe(shape);
  }
}

TEST_P(On_every_isa, float_depthwise_has_the_bits_of_the_definition) {
  Random random(2);
  for (const ConvShape& shape : conv_shapes(12, 150, true)) {
    const auto input = floats_with_zeros(random, input_size(shape));
    const auto filter = floats_with_zeros(random, filter_size(shape));
    const auto bias = floats_with_zeros(random, static_cast<size_t>(shape.output_channels));
    const float low = random.below(2) == 0 ? 0 : -std::numeric_limits<float>::infinity();
    const float high = random.below(2) == 0 ? 6 : std::numeric_limits<float>::infinity();
    const FloatDepthwise conv(set(), shape, filter, bias, low, high);
    std::vector<float> output(output_size(shape));
    Scratch scratch(conv.scratch_bytes());
    conv.run(input.data(), output.data(), scratch.data());
    ASSERT_EQ(bits(output), bits(float_reference(shape, input, reference::TapOrder::by_column,
                                                 reference::filter_by_tap(shape, filter.data()),
                                                 bias, low, high)))
        << describe(shape);
  }
}

template <class T>
constexpr int32_t kLow = std::numeric_limits<T>::min();
template <class T>
constexpr int32_t kHigh = std::numeric_limits<T>::max();

// A requantization with its parameters spread so that outputs of T use their range, some tiny and
// some saturating.
template <class Policy, class T>
Requantization<Policy> some_requantization(Random& random, const ConvShape& shape) {
  Requantization<Policy> result;
  const double terms = static_cast<double>(filter_size(shape)) / shape.output_channels;
  const double typical = sizeof(T) == 2 ? 1e-2 : 1.0 / (60 * std::sqrt(terms) * 60);
  for (int32_t i = 0; i < shape.output_channels; ++i) {
    const double ratio = typical * std::exp2(random.uniform(-4, 4));
    const int kind = random.below(12);
    const double real = kind == 0 ? 0 : kind == 1 ? 0.5 : kind == 2 ? 0x1p-9 : ratio;
    if constexpr (std::is_same_v<Policy, DoubleRoundingByChannel>) {
      result.parameters.push_back(
          {quantize_multiplier(real, Policy::max_exponent), random.below(2) == 0});
    } else if constexpr (std::is_same_v<typename Policy::Parameter, Multiplier>) {
      result.parameters.push_back(quantize_multiplier(real, Policy::max_exponent));
    } else {
      result.parameters.push_back(static_cast<typename Policy::Parameter>(real));
    }
  }
  result.zero_point = sizeof(T) == 2 ? 0 : random.between(kLow<T>, kHigh<T>);
  result.min = random.below(3) < 2 ? kLow<T> : result.zero_point;
  result.max = random.below(3) < 2 ? kHigh<T> : (result.min + kHigh<T>) / 2;
  return result;
}

struct IntegerCase {
  ConvShape shape;
  int32_t input_zero_point = 0;
  int32_t weight_zero_point = 0;
  std::vector<int16_t> filter = {};  // above the zero point
  std::vector<int64_t> bias = {};
};

template <class T>
IntegerCase integer_case(Random& random, const ConvShape& shape, bool large_bias) {
  IntegerCase result{.shape = shape};
  if (sizeof(T) == 1) result.input_zero_point = random.between(kLow<T>, kHigh<T>);
  if (std::is_same_v<T, uint8_t>) result.weight_zero_point = random.between(0, 255);
  for (size_t i = 0; i < filter_size(shape); ++i) {
    const int32_t weight = std::is_same_v<T, uint8_t>
                               ? random.between(0, 255) - result.weight_zero_point
                               : random.between(-128, 127);
    result.filter.push_back(static_cast<int16_t>(weight));
  }
  for (int32_t i = 0; i < shape.output_channels; ++i) {
    result.bias.push_back(large_bias ? static_cast<int64_t>(random.bits()) >> 24
                                     : random.between(-20000, 20000));
  }
  return result;
}

template <class Fast>
Fast prepare(const KernelSet& set, const IntegerCase& c, const AnyRequantization& requantization) {
  if constexpr (std::is_constructible_v<Fast, const KernelSet&, const ConvShape&, int32_t,
                                        std::span<const int16_t>, std::span<const int64_t>,
                                        const AnyRequantization&>) {
    return Fast(set, c.shape, c.input_zero_point, c.filter, c.bias, requantization);
  } else {
    return Fast(set, c.shape, PooledOutputs::none(c.shape), c.input_zero_point, c.filter, c.bias,
                requantization);
  }
}

template <class Policy, class T, class Fast, class TapWeight>
void expect_equal(const KernelSet& set, const IntegerCase& c, const std::vector<T>& input,
                  const Requantization<Policy>& requantization, TapWeight weight) {
  using Acc = typename Policy::Accumulator;
  std::vector<T> expected(output_size(c.shape));
  reference::convolve(
      c.shape, input.data(), reference::IntegerProducts<Acc>{c.input_zero_point, 0},
      reference::TapOrder::by_row,
      [&](int32_t channel) { return static_cast<Acc>(c.bias[static_cast<size_t>(channel)]); },
      weight,
      [&](size_t index, Acc acc, int32_t channel, int32_t) {
        expected[index] = static_cast<T>(requantization.apply(acc, static_cast<size_t>(channel)));
      });
  const Fast conv = prepare<Fast>(set, c, requantization);
  std::vector<T> output(expected.size());
  Scratch scratch(conv.scratch_bytes());
  conv.run(input.data(), output.data(), scratch.data());
  ASSERT_EQ(output, expected) << describe(c.shape);
}

template <class Policy, class T>
void integer_convolutions(const KernelSet& set, uint64_t seed, int count) {
  Random random(seed);
  const bool wide = std::is_same_v<typename Policy::Accumulator, int64_t>;
  for (const ConvShape& shape : conv_shapes(seed + 100, count, false)) {
    const IntegerCase c = integer_case<T>(random, shape, wide);
    const auto input = random.integers<T>(input_size(shape));
    const auto requantization = some_requantization<Policy, T>(random, shape);
    expect_equal<Policy, T, IntegerConv<T>>(set, c, input, requantization,
                                            reference::filter_by_output(shape, c.filter.data()));
    if (testing::Test::HasFatalFailure()) return;
  }
  for (const ConvShape& shape : conv_shapes(seed + 200, count, true)) {
    const IntegerCase c = integer_case<T>(random, shape, wide);
    const auto input = random.integers<T>(input_size(shape));
    const auto requantization = some_requantization<Policy, T>(random, shape);
    expect_equal<Policy, T, IntegerDepthwise<T>>(set, c, input, requantization,
                                                 reference::filter_by_tap(shape, c.filter.data()));
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST_P(On_every_isa, int8_convolutions_equal_the_definition) {
  integer_convolutions<DoubleRounding, int8_t>(set(), 31, 60);
  integer_convolutions<DoubleRoundingHalfUp, int8_t>(set(), 32, 60);
  integer_convolutions<DoubleRoundingByChannel, int8_t>(set(), 35, 60);
  integer_convolutions<FloatHalfEven, int8_t>(set(), 33, 60);
  integer_convolutions<DoubleProduct<int32_t>, int8_t>(set(), 34, 60);
}

TEST_P(On_every_isa, uint8_convolutions_equal_the_definition) {
  integer_convolutions<DoubleRounding, uint8_t>(set(), 41, 40);
  integer_convolutions<DoubleRoundingHalfUp, uint8_t>(set(), 42, 40);
  integer_convolutions<FloatHalfEven, uint8_t>(set(), 43, 40);
  integer_convolutions<DoubleProduct<int32_t>, uint8_t>(set(), 44, 40);
}

TEST_P(On_every_isa, int16_convolutions_with_int32_sums_equal_the_definition) {
  integer_convolutions<DoubleRounding, int16_t>(set(), 51, 40);
  integer_convolutions<DoubleRoundingHalfUp, int16_t>(set(), 52, 40);
  integer_convolutions<DoubleProduct<int32_t>, int16_t>(set(), 53, 40);
}

TEST_P(On_every_isa, int16_convolutions_with_int64_sums_equal_the_definition) {
  integer_convolutions<WideRounding, int16_t>(set(), 61, 60);
  integer_convolutions<DoubleProduct<int64_t>, int16_t>(set(), 62, 60);
}

// The largest products, more of them than an int32 holds.
TEST_P(On_every_isa, int64_sums_do_not_overflow) {
  const ConvShape shape = dense_shape(2, 5000, 3);
  IntegerCase c{.shape = shape, .filter = std::vector<int16_t>(15000, -128), .bias = {1, 2, 3}};
  Requantization<WideRounding> requantization{
      .parameters = std::vector(3, quantize_multiplier(1.2e-6)), .min = -32768, .max = 32767};
  const std::vector<int16_t> input(10000, -32768);
  expect_equal<WideRounding, int16_t, IntegerConv<int16_t>>(
      set(), c, input, requantization, reference::filter_by_output(shape, c.filter.data()));
}

// Products whose sum is the largest that int32 holds, and with one more the first that it does not.
TEST_P(On_every_isa, int64_sums_of_what_int32_holds) {
  for (const int16_t last : {-127, -128}) {
    const ConvShape shape = dense_shape(2, 512, 1);
    IntegerCase c{.shape = shape, .filter = std::vector<int16_t>(512, -128), .bias = {5}};
    c.filter.back() = last;
    Requantization<WideRounding> requantization{
        .parameters = {quantize_multiplier(1.2e-5)}, .min = -32768, .max = 32767};
    const std::vector<int16_t> input(1024, -32768);
    expect_equal<WideRounding, int16_t, IntegerConv<int16_t>>(
        set(), c, input, requantization, reference::filter_by_output(shape, c.filter.data()));
  }
}

// A max pool behind every other shape.
PooledOutputs some_pool(Random& random, const ConvShape& shape) {
  PooledOutputs pooled = PooledOutputs::none(shape);
  if (random.below(2) == 0) {
    pooled.rows = random.between(1, std::min(3, shape.rows.output));
    pooled.columns = random.between(1, std::min(3, shape.columns.output));
    pooled.row_stride = random.between(1, 3);
    pooled.column_stride = random.between(1, 3);
    pooled.output_rows = (shape.rows.output - pooled.rows) / pooled.row_stride + 1;
    pooled.output_columns = (shape.columns.output - pooled.columns) / pooled.column_stride + 1;
  }
  return pooled;
}

template <class Conv, class T>
std::vector<T> outputs_of(const Conv& conv, const ConvShape& shape, const PooledOutputs& pooled,
                          const std::vector<T>& input) {
  std::vector<T> output(pooled.output_pixels() * static_cast<size_t>(shape.batches) *
                        static_cast<size_t>(shape.output_channels));
  Scratch scratch(conv.scratch_bytes());
  conv.run(input.data(), output.data(), scratch.data());
  return output;
}

// What it costs beside FloatConv is not asked here.
TEST_P(On_every_isa, planar_convolutions_have_the_bits_of_the_others) {
  Random random(91);
  for (ConvShape shape : conv_shapes(92, 300, false)) {
    shape.groups = 1;
    shape.output_channels = random.between(1, planar_outputs);
    const PooledOutputs pooled = some_pool(random, shape);
    const auto input = random.floats(input_size(shape), -2, 2);
    const auto filter = random.floats(filter_size(shape));
    const auto bias = random.floats(static_cast<size_t>(shape.output_channels));
    const float low = random.below(2) == 0 ? 0 : -std::numeric_limits<float>::infinity();
    const float high = random.below(2) == 0 ? 1 : std::numeric_limits<float>::infinity();
    const FloatConv channels(set(), shape, pooled, filter, bias, low, high);
    const PlanarConv planes(set(), shape, pooled, filter, bias, low, high);
    ASSERT_EQ(bits(outputs_of(planes, shape, pooled, input)),
              bits(outputs_of(channels, shape, pooled, input)))
        << describe(shape);
  }
}

// Of a shape, a random number of its first channels, and the others.
struct Split {
  ConvShape most;
  ConvShape rest;
  Split(Random& random, const ConvShape& shape) : most(shape), rest(shape) {
    rest.output_channels = random.between(1, std::min(planar_outputs, shape.output_channels - 1));
    most.output_channels -= rest.output_channels;
  }
};

TEST_P(On_every_isa, float_convolutions_in_two_parts_have_the_bits_of_one) {
  Random random(95);
  for (ConvShape shape : conv_shapes(96, 200, false)) {
    shape.groups = 1;
    shape.output_channels = std::max(shape.output_channels, 2);
    const PooledOutputs pooled = some_pool(random, shape);
    const Split split(random, shape);
    const auto input = random.floats(input_size(shape), -2, 2);
    const auto filter = random.floats(filter_size(shape));
    const auto bias = random.floats(static_cast<size_t>(shape.output_channels));
    const int32_t first = split.most.output_channels;
    const std::span<const float> weights(filter);
    const std::span<const float> biases(bias);
    const auto most = [&] {
      return FloatConv(set(), split.most, pooled, weights.first(filter_size(split.most)),
                       biases.first(static_cast<size_t>(first)), 0, 1, shape.output_channels);
    };
    const auto rest = [&]<class Conv>(std::type_identity<Conv>) {
      return Conv(set(), split.rest, pooled, weights.subspan(filter_size(split.most)),
                  biases.subspan(static_cast<size_t>(first)), 0, 1, shape.output_channels);
    };
    const auto expected =
        bits(outputs_of(FloatConv(set(), shape, pooled, filter, bias, 0, 1), shape, pooled, input));
    const SplitConv<FloatConv, FloatConv> alike(
        first, most, [&] { return rest(std::type_identity<FloatConv>{}); });
    ASSERT_EQ(bits(outputs_of(alike, shape, pooled, input)), expected) << describe(shape);
    const SplitConv<FloatConv, PlanarConv> planes(
        first, most, [&] { return rest(std::type_identity<PlanarConv>{}); });
    ASSERT_EQ(bits(outputs_of(planes, shape, pooled, input)), expected) << describe(shape);
  }
}

template <class Policy, class T>
void integers_in_two_parts(const KernelSet& set, uint64_t seed) {
  Random random(seed);
  const bool wide = std::is_same_v<typename Policy::Accumulator, int64_t>;
  for (ConvShape shape : conv_shapes(seed, 60, false)) {
    shape.groups = 1;
    shape.output_channels = std::max(shape.output_channels, 2);
    const Split split(random, shape);
    const IntegerCase c = integer_case<T>(random, shape, wide);
    const auto input = random.integers<T>(input_size(shape));
    const AnyRequantization requantization = some_requantization<Policy, T>(random, shape);
    const PooledOutputs none = PooledOutputs::none(shape);
    const auto part = [&](const ConvShape& of, size_t begin) {
      const auto channels = static_cast<size_t>(of.output_channels);
      const size_t terms = filter_size(of) / channels;
      return IntegerConv<T>(set, of, none, c.input_zero_point,
                            std::span(c.filter).subspan(begin * terms, channels * terms),
                            std::span(c.bias).subspan(begin, channels),
                            part_of(requantization, begin, channels), shape.output_channels);
    };
    const int32_t first = split.most.output_channels;
    const SplitConv<IntegerConv<T>, IntegerConv<T>> parts(
        first, [&] { return part(split.most, 0); },
        [&] { return part(split.rest, static_cast<size_t>(first)); });
    const auto whole = prepare<IntegerConv<T>>(set, c, requantization);
    ASSERT_EQ(outputs_of(parts, shape, none, input), outputs_of(whole, shape, none, input))
        << describe(shape);
  }
}

TEST_P(On_every_isa, integer_convolutions_in_two_parts_equal_one) {
  integers_in_two_parts<FloatHalfEven, int8_t>(set(), 101);
  integers_in_two_parts<DoubleRoundingByChannel, int8_t>(set(), 102);
  integers_in_two_parts<WideRounding, int16_t>(set(), 103);
}

TEST(Planar_convolution, is_taken_where_channels_are_few_and_rows_long) {
  const KernelSet& set = kernel_set(default_isa());
  auto takes = [&](int32_t columns, int32_t inputs, int32_t outputs) {
    const ConvShape shape{.rows = window(20, 3, 1, 1, true),
                          .columns = window(columns, 3, 1, 1, true),
                          .input_channels = inputs,
                          .output_channels = outputs};
    return PlanarConv::fits(set, shape, PooledOutputs::none(shape));
  };
  EXPECT_TRUE(takes(32, 8, 1));
  EXPECT_FALSE(takes(32, 8, 16));
  EXPECT_FALSE(takes(2, 8, 2));
  EXPECT_FALSE(takes(100000, 8, 1));
}

TEST_P(On_every_isa, narrow_int8_dense_layers_equal_the_definition) {
  Random random(81);
  for (int i = 0; i < 200; ++i) {
    const ConvShape shape =
        dense_shape(random.between(1, 19), random.between(32, 400), random.between(1, 16));
    IntegerCase c = integer_case<int8_t>(random, shape, false);
    if (random.below(20) == 0) c.bias.assign(c.bias.size(), INT32_MAX);  // sums wrap
    const auto input = random.integers<int8_t>(input_size(shape));
    const auto requantization = some_requantization<FloatHalfEven, int8_t>(random, shape);
    if (!NarrowIntegerDense::fits(set(), shape, c.filter, requantization)) {
      ASSERT_EQ(set().narrow_dot, nullptr);
      return;
    }
    expect_equal<FloatHalfEven, int8_t, NarrowIntegerDense>(
        set(), c, input, requantization, reference::filter_by_output(shape, c.filter.data()));
  }
}

struct HybridCase {
  DynamicScheme scheme;
  ScaleOrders orders;
};
constexpr HybridCase kHybridCases[] = {
    {DynamicScheme::symmetric, {ScaleOrder::scales_first}},
    {DynamicScheme::asymmetric, {ScaleOrder::scales_first}},
    {DynamicScheme::asymmetric, {ScaleOrder::weights_first}},
    {DynamicScheme::asymmetric, {ScaleOrder::weights_first, ScaleOrder::input_first, 4}},
    {DynamicScheme::asymmetric, {ScaleOrder::input_first, ScaleOrder::scales_first, 37}},
    {DynamicScheme::xnnpack, {ScaleOrder::fused}},
};

// The definition of a hybrid layer: each image (or row) quantized, then as any convolution.
template <class TapWeight>
std::vector<float> hybrid_reference(const ConvShape& shape, const std::vector<float>& input,
                                    TapWeight weight, const std::vector<float>& scales,
                                    const std::vector<float>& bias, HybridCase how) {
  std::vector<float> output;
  ConvShape single = shape;
  single.batches = 1;
  for (int32_t batch = 0; batch < shape.batches; ++batch) {
    std::vector<int8_t> quantized(shape.input_size());
    const std::span<const float> image(
        input.data() + static_cast<size_t>(batch) * shape.input_size(), shape.input_size());
    const DynamicAffine affine = quantize_dynamically(how.scheme, image, quantized.data());
    reference::convolve(
        single, quantized.data(), reference::IntegerProducts<int32_t>{affine.zero_point, 0},
        reference::TapOrder::by_row, [](int32_t) { return 0; }, weight,
        [&](size_t, int32_t acc, int32_t channel, int32_t) {
          const auto i = static_cast<size_t>(channel);
          output.push_back(
              clamped(to_real(how.orders.of(channel), acc, scales[i], affine.scale, bias[i]), -3,
                      std::numeric_limits<float>::infinity()));
        });
  }
  return output;
}

TEST_P(On_every_isa, hybrid_convolutions_have_the_bits_of_the_definition) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  Random random(71);
  for (const HybridCase& how : kHybridCases) {
    for (const bool depthwise : {false, true}) {
      for (const ConvShape& shape : conv_shapes(72, 30, depthwise)) {
        const auto input = random.floats(input_size(shape), -3, 5);
        const auto filter = random.integers<int8_t>(filter_size(shape));
        const auto channels = static_cast<size_t>(shape.output_channels);
        const auto scales = random.floats(channels, 0.001, 0.01);
        const auto bias = random.floats(channels);
        std::vector<float> output(output_size(shape));
        if (depthwise) {
          const HybridDepthwise conv(set(), shape, filter, scales, bias, how.scheme, how.orders, -3,
                                     infinity);
          Scratch scratch(conv.scratch_bytes());
          conv.run(input.data(), output.data(), scratch.data());
          ASSERT_EQ(bits(output), bits(hybrid_reference(
                                      shape, input, reference::filter_by_tap(shape, filter.data()),
                                      scales, bias, how)))
              << describe(shape);
        } else {
          const HybridConv conv(set(), shape, PooledOutputs::none(shape), filter, scales, bias,
                                how.scheme, how.orders, false, -3, infinity);
          Scratch scratch(conv.scratch_bytes());
          conv.run(input.data(), output.data(), scratch.data());
          ASSERT_EQ(
              bits(output),
              bits(hybrid_reference(shape, input, reference::filter_by_output(shape, filter.data()),
                                    scales, bias, how)))
              << describe(shape);
        }
      }
    }
  }
}

TEST_P(On_every_isa, hybrid_dense_layers_quantize_each_row) {
  Random random(81);
  for (const HybridCase& how : kHybridCases) {
    for (const int32_t rows : {1, 2, 5, 6, 7, 13}) {
      const int32_t inputs = random.between(1, 70);
      const int32_t outputs = random.between(1, 70);
      const ConvShape shape = dense_shape(rows, inputs, outputs);
      auto input = random.floats(input_size(shape), -3, 5);
      if (rows > 1) std::fill_n(input.begin(), inputs, 0.0f);  // a row of zeros
      const auto filter = random.integers<int8_t>(filter_size(shape));
      const auto scales = random.floats(static_cast<size_t>(outputs), 0.001, 0.01);
      const auto bias = random.floats(static_cast<size_t>(outputs));
      const HybridConv conv(set(), shape, PooledOutputs::none(shape), filter, scales, bias,
                            how.scheme, how.orders, true, -3,
                            std::numeric_limits<float>::infinity());
      std::vector<float> output(output_size(shape));
      Scratch scratch(conv.scratch_bytes());
      conv.run(input.data(), output.data(), scratch.data());
      ConvShape by_row = dense_shape(1, inputs, outputs);
      by_row.batches = rows;
      ASSERT_EQ(bits(output), bits(hybrid_reference(
                                  by_row, input, reference::filter_by_output(by_row, filter.data()),
                                  scales, bias, how)));
    }
  }
}

}  // namespace
}  // namespace litesmith::kernels
