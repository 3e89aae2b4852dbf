// Dense layers of float activations whose int4 weights have a scale for each block of inputs
// instead of one for each output. What they compute follows LiteRT's EvalBlockwise4Bit
// (kernels/fully_connected.cc) and XNNPACK's qd8-f32-qb4w-gemm; of one block a row, LiteRT's
// optimized_4bit kernels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/kernel_set.h"

namespace litesmith::kernels {

struct BlockDenseShape {
  int32_t rows;
  int32_t inputs;  // a multiple of `block`
  int32_t outputs;
  int32_t block;  // at most kMostInABlock
};

class BlockDense {
 public:
  // A block's sum of products stays below 2^24, so that a float holds it.
  static constexpr int32_t kMostInABlock = 1 << 14;
  // With one block a row, its sum stays an int32.
  static constexpr int32_t kMostInARow = 1 << 20;

  // In both, each row is quantized by itself to q and zero point z, and S is a block's sum of q *
  // w.
  enum class Formula {
    // Scales are rounded to bfloat16. The sum begins with (z + 128) * -sum(w * scale), of sixteen
    // weights at a time, and takes up block by block as fma(S + 128 * sum(w), scale, sum): the
    // kernels for VNNI know unsigned activations only.
    xnnpack,
    // sum(S * scale) - z * sum(sum(w) * scale), each product rounded.
    litert,
    // One block, which is all inputs, and no zero point: ((-7 * sum(q)) * scale_x) * scale + bias,
    // plus ((S + 7 * sum(q)) * scale_x) * scale. The kernel keeps w + 7.
    litert_one_block,
  };

  // `weights` is [output, input], within int4; `scales` [output, input / block]; an empty bias is
  // zeros.
  BlockDense(const KernelSet& set, const BlockDenseShape& shape, Formula formula,
             std::span<const int8_t> weights, std::span<const float> scales,
             std::span<const float> bias, float min, float max);

  size_t scratch_bytes() const { return static_cast<size_t>(shape_.inputs); }
  void run(const float* input, float* output, std::byte* scratch) const;

 private:
  float xnnpack_sum(size_t output, const int8_t* quantized, int32_t zero_point) const;
  float litert_sum(size_t output, const int8_t* quantized, int32_t zero_point) const;
  void run_one_block(const float* input, float* output, int8_t* quantized) const;

  const KernelSet& set_;
  BlockDenseShape shape_;
  Formula formula_;
  std::vector<int8_t> weights_;
  std::vector<float> scales_;
  std::vector<int32_t> block_sums_;  // of weights
  std::vector<float> sums_;          // of weights times their scales, by output
  std::vector<float> bias_;
  float min_;
  float max_;
};

}  // namespace litesmith::kernels
