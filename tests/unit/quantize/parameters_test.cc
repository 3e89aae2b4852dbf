// Numbers in these tests were computed by TensorFlow 2.21's quantizers
// (tests/interop/test_quantizer.py holds the two side by side); here they keep the formulas in
// place without TensorFlow.
#include "quantize/parameters.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

#include "ir/transpose.h"
#include "testing/random.h"

namespace litesmith {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

TEST(ActivationParameters, int8_spreads_the_range_over_255_steps) {
  const Quantization q = activation_parameters({-1.0f, 3.0f}, Scheme::int8);
  EXPECT_THAT(q.scale, ElementsAre(4.0f / 255));
  EXPECT_THAT(q.zero_point, ElementsAre(-64));
}

TEST(ActivationParameters, a_range_is_widened_to_hold_zero) {
  EXPECT_EQ(activation_parameters({2.0f, 3.0f}, Scheme::int8),
            activation_parameters({0.0f, 3.0f}, Scheme::int8));
  EXPECT_EQ(activation_parameters({-3.0f, -2.0f}, Scheme::int8),
            activation_parameters({-3.0f, 0.0f}, Scheme::int8));
  EXPECT_THAT(activation_parameters({2.0f, 3.0f}, Scheme::int8).zero_point, ElementsAre(-128));
  EXPECT_THAT(activation_parameters({-3.0f, -2.0f}, Scheme::int8).zero_point, ElementsAre(127));
}

TEST(ActivationParameters, int8_widens_a_range_of_nothing_by_a_millionth_on_both_sides) {
  const Quantization q = activation_parameters({0.0f, 0.0f}, Scheme::int8);
  EXPECT_THAT(q.scale, ElementsAre(2e-6f / 255));
  EXPECT_THAT(q.zero_point, ElementsAre(0));
}

TEST(ActivationParameters, zero_points_halfway_round_away_from_zero) {
  // -128 + 127.5: the zero point lies exactly between -1 and 0.
  EXPECT_THAT(activation_parameters({-127.5f, 127.5f}, Scheme::int8).zero_point, ElementsAre(-1));
}

TEST(ActivationParameters, int16_is_symmetric) {
  const Quantization q = activation_parameters({-1.0f, 3.0f}, Scheme::int16x8);
  EXPECT_THAT(q.scale, ElementsAre(3.0f / 32767));
  EXPECT_THAT(q.zero_point, ElementsAre(0));
  EXPECT_EQ(activation_parameters({-3.0f, 1.0f}, Scheme::int16x8), q);
}

TEST(ActivationParameters, int16_gives_a_tensor_of_zeros_a_usable_scale) {
  const float nothing = activation_parameters({0.0f, 0.0f}, Scheme::int16x8).scale.at(0);
  EXPECT_TRUE(std::isnormal(nothing));
  // TensorFlow's calibrator calls this tensor's maximum the smallest normal float.
  EXPECT_EQ(activation_parameters({0.0f, 1.17549435e-38f}, Scheme::int16x8).scale.at(0), nothing);
}

TEST(QuantizeWeights, each_channel_has_its_largest_magnitude_at_127) {
  const auto weights =
      quantize_weights(std::vector<float>{1, -2, 0.5f, 4, 2, -1}, {2, 3}, 0, Scheme::int8);
  EXPECT_THAT(weights.quantization.scale, ElementsAre(2.0f / 127, 4.0f / 127));
  EXPECT_THAT(weights.quantization.zero_point, ElementsAre(0, 0));
  EXPECT_THAT(weights.values, ElementsAre(64, -127, 32, 127, 64, -32));
}

// Around every half, in both directions, to the last bit.
TEST(QuantizeWeights, halves_are_rounded_away_from_zero_and_nothing_else_is) {
  std::vector<float> values = {127};
  for (int i = -127; i < 127; ++i) {
    const float half = static_cast<float>(i) + 0.5f;
    for (const float value : {half, std::nextafter(half, -200.0f), std::nextafter(half, 200.0f)}) {
      values.push_back(value);
    }
  }
  const Shape shape = {1, static_cast<int32_t>(values.size())};
  for (const Scheme scheme : {Scheme::int8, Scheme::dynamic_range}) {
    const auto weights = quantize_weights(values, shape, 0, scheme);
    ASSERT_EQ(weights.quantization.scale[0], 1.0f);
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(weights.values[i], std::round(values[i])) << values[i];
    }
  }
}

// Large enough to be turned in parts, the last of them a part of 16 rows.
TEST(QuantizeWeights, that_are_made_when_read_are_the_same) {
  Random random(5);
  const Shape shape = {70, 1500};
  Value weights{.name = "w", .shape = shape};
  weights.data = transposed(Buffer::of(random.floats(70 * 1500)), sizeof(float), {1500, 70},
                            std::vector<int32_t>{1, 0});
  ASSERT_NE(weights.data->recipe(), nullptr);
  for (const Scheme scheme : {Scheme::int8, Scheme::dynamic_range}) {
    for (const int dimension : {0, 1, -1}) {
      const auto apart = quantize_weights(weights, dimension, scheme);
      const auto whole = quantize_weights(weights.elements<float>(), shape, dimension, scheme);
      EXPECT_EQ(apart.quantization, whole.quantization);
      EXPECT_EQ(apart.values, whole.values);
    }
  }
}

TEST(QuantizeWeights, channels_may_lie_along_any_dimension) {
  const auto weights =
      quantize_weights(std::vector<float>{1, 10, -1, 20}, {1, 2, 1, 2}, 3, Scheme::int8);
  EXPECT_EQ(weights.quantization.dimension, 3);
  EXPECT_THAT(weights.values, ElementsAre(127, 64, -127, 127));
}

TEST(QuantizeWeights, one_scale_may_serve_the_whole_tensor) {
  const auto weights =
      quantize_weights(std::vector<float>{1, 10, -1, 20}, {2, 2}, -1, Scheme::int8);
  EXPECT_THAT(weights.quantization.scale, ElementsAre(20.0f / 127));
  EXPECT_THAT(weights.values, ElementsAre(6, 64, -6, 127));
}

TEST(QuantizeWeights, a_channel_of_zeros_has_a_small_scale_in_int8_and_none_in_16x8) {
  const std::vector<float> zeros(4, 0.0f);
  const auto int8 = quantize_weights(zeros, {2, 2}, 0, Scheme::int8);
  EXPECT_THAT(int8.quantization.scale, Each(1e-6f / 254));
  EXPECT_THAT(int8.values, Each(0));
  const auto int16x8 = quantize_weights(zeros, {2, 2}, 0, Scheme::int16x8);
  EXPECT_THAT(int16x8.quantization.scale, Each(0.0f));
  EXPECT_THAT(int16x8.values, Each(0));
}

TEST(QuantizeBias, scale_is_the_product_of_input_and_weight_scale) {
  const Quantization weights{{0.5f, 0.25f}, {0, 0}, 0};
  const QuantizedBias bias =
      quantize_bias(std::vector<float>{1.0f, -1.0f}, 0.125f, weights, Scheme::int8);
  EXPECT_THAT(bias.quantization.scale, ElementsAre(0.0625f, 0.03125f));
  EXPECT_THAT(bias.values, ElementsAre(16, -32));
}

TEST(QuantizeBias, int8_saturates_at_the_ends_of_int32_and_16x8_goes_on) {
  const Quantization weights{{1e-7f}, {0}, 0};
  const std::vector<float> large = {1.0f};
  EXPECT_THAT(quantize_bias(large, 1e-5f, weights, Scheme::int8).values, ElementsAre(2147483647));
  EXPECT_GT(quantize_bias(large, 1e-5f, weights, Scheme::int16x8).values[0], int64_t{1} << 32);
}

TEST(BiasScaleFloors, nothing_changes_while_the_bias_fits_half_of_int32) {
  const Quantization weights{{0.01f, 0.02f}, {0, 0}, 0};
  const std::vector<float> bias = {3.0f, -100.0f};
  EXPECT_TRUE(bias_scale_floors(bias, 0.05f, weights, Scheme::int8).empty());
  EXPECT_TRUE(bias_scale_floors(bias, 0.05f, weights, Scheme::int16x8).empty());
}

TEST(BiasScaleFloors, a_bias_beyond_it_raises_the_scale_of_its_own_channel) {
  const Quantization weights{{1e-9f, 0.02f}, {0, 0}, 0};
  const std::vector<float> bias = {9.0f, 9.0f};
  for (const Scheme scheme : {Scheme::int8, Scheme::int16x8}) {
    const auto floors = bias_scale_floors(bias, 0.05f, weights, scheme);
    ASSERT_EQ(floors.size(), 2u);
    EXPECT_GT(floors[0], 1e-9);
    EXPECT_EQ(floors[1], 0.0);
    const auto raised =
        quantize_weights(std::vector<float>{1e-7f, 2.54f}, {2, 1}, 0, scheme, floors);
    const auto quantized = quantize_bias(bias, 0.05f, raised.quantization, scheme, floors);
    EXPECT_NEAR(static_cast<double>(quantized.values[0]), 1073741823.5, 200.0);  // half of int32
  }
}

TEST(BiasScaleFloors, a_weight_channel_of_zeros_keeps_its_bias_in_16x8) {
  const Quantization weights{{0.0f}, {0}, 0};
  const std::vector<float> bias = {0.5f};
  const auto floors = bias_scale_floors(bias, 0.01f, weights, Scheme::int16x8);
  const auto raised =
      quantize_weights(std::vector<float>{0.0f}, {1, 1}, 0, Scheme::int16x8, floors);
  const auto quantized = quantize_bias(bias, 0.01f, raised.quantization, Scheme::int16x8, floors);
  EXPECT_NEAR(static_cast<double>(quantized.values[0]) * quantized.quantization.scale[0], 0.5,
              1e-6);
}

TEST(ConstantOperands, int8_ones_are_asymmetric_over_the_full_range) {
  const std::vector<float> values = {0.0f, 1.0f, 2.55f};
  const Quantization q = constant_parameters(values, Scheme::int8);
  EXPECT_THAT(q.scale, ElementsAre(2.55f / 255));
  EXPECT_THAT(quantize_constant_int8(values, q), ElementsAre(-128, -28, 127));
}

TEST(ConstantOperands, integers_saturate_under_a_scale_that_is_not_their_own) {
  const Quantization narrow{{0.01f}, {0}, 0};
  EXPECT_THAT(quantize_constant_int8(std::vector<float>{5.0f, -5.0f}, narrow),
              ElementsAre(127, -128));
  EXPECT_THAT(requantize_constant_int16(std::vector<int16_t>{30000, -30000}, {{1.0f}, {0}, 0},
                                        {{0.5f}, {0}, 0}),
              ElementsAre(32767, -32767));
}

TEST(ConstantOperands, quantizing_twice_may_differ_from_quantizing_once) {
  const Quantization own{{0.3f}, {0}, 0};
  const Quantization shared{{0.5f}, {0}, 0};
  const std::vector<float> value = {0.2f};  // 0.3 after its own scale
  EXPECT_THAT(quantize_constant_int16(value, shared), ElementsAre(0));
  EXPECT_THAT(requantize_constant_int16(quantize_constant_int16(value, own), own, shared),
              ElementsAre(1));
}

}  // namespace
}  // namespace litesmith
