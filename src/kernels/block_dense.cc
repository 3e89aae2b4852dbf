#include "kernels/block_dense.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/half.h"
#include "kernels/dynamic_quantization.h"
#include "kernels/fixed_point.h"

namespace litesmith::kernels {
namespace {

// How many weights XNNPACK adds up before they are scaled (twice the kernels' eight inputs a step).
constexpr size_t kSummed = 16;
constexpr int32_t kUnsigned = 128;  // added to an int8 to make it a uint8

int32_t dot(const int8_t* a, const int8_t* b, size_t count) {
  int32_t sum = 0;
  for (size_t i = 0; i < count; ++i) sum += int32_t{a[i]} * int32_t{b[i]};
  return sum;
}

int32_t sum_of(std::span<const int8_t> values) {
  int32_t sum = 0;
  for (const int8_t value : values) sum += value;
  return sum;
}

}  // namespace

BlockDense::BlockDense(const KernelSet& set, const BlockDenseShape& shape, Formula formula,
                       std::span<const int8_t> weights, std::span<const float> scales,
                       std::span<const float> bias, float min, float max)
    : set_(set),
      shape_(shape),
      formula_(formula),
      weights_(weights.begin(), weights.end()),
      scales_(scales.begin(), scales.end()),
      bias_(bias.begin(), bias.end()),
      min_(min),
      max_(max) {
  const auto block = static_cast<size_t>(shape.block);
  const auto inputs = static_cast<size_t>(shape.inputs);
  const auto outputs = static_cast<size_t>(shape.outputs);
  check(block > 0 && inputs % block == 0 &&
            shape.block <= (formula == Formula::litert_one_block ? kMostInARow : kMostInABlock) &&
            weights.size() == inputs * outputs && scales.size() == weights.size() / block &&
            (formula != Formula::xnnpack || block % kSummed == 0) &&
            (formula != Formula::litert_one_block || block == inputs),
        "a dense layer in blocks");
  bias_.resize(outputs);
  if (formula == Formula::xnnpack) {
    for (float& scale : scales_) scale = bfloat16_to_float(float_to_bfloat16(scale));
  }
  for (size_t b = 0; b < scales_.size(); ++b) {
    block_sums_.push_back(sum_of(weights.subspan(b * block, block)));
  }
  sums_.resize(outputs);
  const size_t summed = formula == Formula::xnnpack ? kSummed : block;
  for (size_t i = 0; i < weights.size(); i += summed) {
    const auto sum = static_cast<float>(sum_of(weights.subspan(i, summed)));
    sums_[i / inputs] += sum * scales_[i / block];
  }
}

float BlockDense::xnnpack_sum(size_t output, const int8_t* quantized, int32_t zero_point) const {
  const auto block = static_cast<size_t>(shape_.block);
  const auto blocks = static_cast<size_t>(shape_.inputs) / block;
  float sum = -sums_[output] * static_cast<float>(zero_point + kUnsigned);
  for (size_t b = 0; b < blocks; ++b) {
    const size_t at = output * blocks + b;
    const int32_t products = dot(quantized + b * block, weights_.data() + at * block, block) +
                             kUnsigned * block_sums_[at];
    sum = std::fma(static_cast<float>(products), scales_[at], sum);
  }
  return sum;
}

float BlockDense::litert_sum(size_t output, const int8_t* quantized, int32_t zero_point) const {
  const auto block = static_cast<size_t>(shape_.block);
  const auto blocks = static_cast<size_t>(shape_.inputs) / block;
  float sum = 0;
  for (size_t b = 0; b < blocks; ++b) {
    const size_t at = output * blocks + b;
    const int32_t products = dot(quantized + b * block, weights_.data() + at * block, block);
    sum += static_cast<float>(products) * scales_[at];
  }
  return sum - static_cast<float>(zero_point) * sums_[output];
}

void BlockDense::run_one_block(const float* input, float* output, int8_t* quantized) const {
  constexpr int32_t kOffset = 7;
  const auto inputs = static_cast<size_t>(shape_.inputs);
  float largest = 0;
  for (size_t i = 0; i < inputs; ++i) largest = std::max(largest, std::abs(input[i]));
  if (largest == 0) largest = 127;
  const float inverse = 127.0f / largest;
  const float scale = largest / 127.0f;
  for (size_t i = 0; i < inputs; ++i) {
    const int32_t rounded = round_half_away(input[i] * inverse);
    quantized[i] = static_cast<int8_t>(std::clamp(rounded, INT8_MIN, INT8_MAX));
  }
  const int32_t sum = sum_of(std::span(quantized, inputs));
  const float offset = static_cast<float>(-kOffset * sum) * scale;
  for (size_t o = 0; o < bias_.size(); ++o) {
    const int32_t products = dot(quantized, weights_.data() + o * inputs, inputs) + kOffset * sum;
    const float start = offset * scales_[o] + bias_[o];
    const float made = start + static_cast<float>(products) * scale * scales_[o];
    output[o] = std::min(std::max(made, min_), max_);
  }
}

void BlockDense::run(const float* input, float* output, std::byte* scratch) const {
  const bool by_xnnpack = formula_ == Formula::xnnpack;
  const auto inputs = static_cast<size_t>(shape_.inputs);
  auto* const quantized = reinterpret_cast<int8_t*>(scratch);
  if (formula_ == Formula::litert_one_block) {
    for (int32_t row = 0; row < shape_.rows; ++row, input += inputs, output += bias_.size()) {
      run_one_block(input, output, quantized);
    }
    return;
  }
  for (int32_t row = 0; row < shape_.rows; ++row, input += inputs) {
    const DynamicAffine affine = quantize_dynamically(
        *set_.dynamic, by_xnnpack ? DynamicScheme::xnnpack : DynamicScheme::asymmetric,
        std::span(input, inputs), quantized);
    for (size_t o = 0; o < bias_.size(); ++o) {
      const float sum = by_xnnpack ? xnnpack_sum(o, quantized, affine.zero_point)
                                   : litert_sum(o, quantized, affine.zero_point);
      *output++ = std::min(std::max(sum * affine.scale + bias_[o], min_), max_);
    }
  }
}

}  // namespace litesmith::kernels
