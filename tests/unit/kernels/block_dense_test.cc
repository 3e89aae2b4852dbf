// Both formulas come near the exact sum of what was quantized; tests/interop/test_block_weights.py
// holds them to LiteRT bit for bit.
#include "kernels/block_dense.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/half.h"
#include "kernels/dynamic_quantization.h"
#include "testing/random.h"

namespace litesmith::kernels {
namespace {

using Formula = BlockDense::Formula;

constexpr BlockDenseShape kShape = {.rows = 3, .inputs = 96, .outputs = 5, .block = 32};

struct Layer {
  std::vector<int8_t> weights;
  std::vector<float> scales;
  std::vector<float> bias;
  std::vector<float> input;

  Layer() {
    Random random(1);
    for (int i = 0; i < kShape.inputs * kShape.outputs; ++i) {
      weights.push_back(static_cast<int8_t>(random.between(-8, 7)));
    }
    scales = random.floats(weights.size() / 32, 0.001, 0.1);
    bias = random.floats(5);
    input = random.floats(3 * 96, -2, 1);
  }

  std::vector<float> run(Formula formula, float min = -INFINITY, float max = INFINITY) const {
    const BlockDense dense(kernel_set(Isa::baseline), kShape, formula, weights, scales, bias, min,
                           max);
    std::vector<std::byte> scratch(dense.scratch_bytes());
    std::vector<float> output(15);
    dense.run(input.data(), output.data(), scratch.data());
    return output;
  }

  // The same in double.
  double exact(Formula formula, size_t row, size_t output) const {
    const bool xnnpack = formula == Formula::xnnpack;
    std::vector<int8_t> quantized(96);
    const DynamicAffine affine =
        quantize_dynamically(xnnpack ? DynamicScheme::xnnpack : DynamicScheme::asymmetric,
                             std::span(input).subspan(row * 96, 96), quantized.data());
    double sum = 0;
    for (size_t i = 0; i < 96; ++i) {
      const float scale = scales[output * 3 + i / 32];
      const float read = xnnpack ? bfloat16_to_float(float_to_bfloat16(scale)) : scale;
      sum += double{read} * weights[output * 96 + i] * (quantized[i] - affine.zero_point);
    }
    return sum * double{affine.scale} + double{bias[output]};
  }
};

TEST(BlockDense, is_near_the_exact_sum) {
  const Layer layer;
  for (const Formula formula : {Formula::xnnpack, Formula::litert}) {
    const std::vector<float> made = layer.run(formula);
    for (size_t i = 0; i < made.size(); ++i) {
      EXPECT_NEAR(made[i], layer.exact(formula, i / 5, i % 5), 1e-5) << i;
    }
  }
}

TEST(BlockDense, clamps) {
  const Layer layer;
  const std::vector<float> free = layer.run(Formula::xnnpack);
  const std::vector<float> clamped = layer.run(Formula::xnnpack, -0.5f, 0.5f);
  for (size_t i = 0; i < free.size(); ++i) {
    EXPECT_EQ(clamped[i], std::clamp(free[i], -0.5f, 0.5f));
  }
}

TEST(Bfloat16, is_the_nearest_and_even_of_two) {
  EXPECT_EQ(bfloat16_to_float(float_to_bfloat16(1.0f)), 1.0f);
  EXPECT_EQ(bfloat16_to_float(float_to_bfloat16(1.00390625f)), 1.0f);         // 1 + 2^-8: a tie
  EXPECT_EQ(bfloat16_to_float(float_to_bfloat16(1.01171875f)), 1.015625f);    // 1 + 3 * 2^-8
  EXPECT_EQ(bfloat16_to_float(float_to_bfloat16(-1.0039064f)), -1.0078125f);  // beyond the tie
}

}  // namespace
}  // namespace litesmith::kernels
