// Convolution and dense layers, prepared once for an instruction set and run often. Each class is
// what a binding keeps; run() neither allocates nor fails and may be called from several threads.
// They equal reference/convolution.h bit for bit; with pooling, that with reference/pooling.h
// behind it, since nothing between an accumulator and its output ever turns the order of two
// around.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/conv_shape.h"
#include "kernels/dynamic_quantization.h"
#include "kernels/finish.h"
#include "kernels/kernel_set.h"
#include "kernels/packing.h"
#include "kernels/requantization.h"

namespace litesmith::kernels {

// Filters are [output channel, tap row, tap column, input channel within the group]; an empty bias
// is zeros. `output_step`: elements from an output pixel to the next, where the channels are not
// all of their layer's (split_conv.h); 0: as many as there are channels.
class FloatConv {
 public:
  FloatConv(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled,
            std::span<const float> filter, std::span<const float> bias, float min, float max,
            int32_t output_step = 0);
  FloatConv(const FloatConv&) = delete;
  FloatConv& operator=(const FloatConv&) = delete;

  size_t scratch_bytes() const { return plan_.padded ? plan_.padded_size * sizeof(float) : 0; }
  void run(const float* input, float* output, std::byte* scratch) const;

 private:
  const KernelSet& set_;
  ConvShape shape_;
  PooledOutputs pooled_;
  ImagePlan plan_;
  std::vector<int32_t> steps_;
  size_t group_size_ = 0;  // packed weights of a group
  Padded<float> weights_;
  Padded<float> start_;
  float min_;
  float max_;
  int32_t output_step_;
};

// Integer filters packed for the machine's best integer products, and the convolution of one
// prepared image. Part of the classes below.
class IntegerFilter {
 public:
  // `byte_images`: images are int8. `wide`: sums are int64.
  IntegerFilter(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled,
                std::span<const int16_t> filter, bool byte_images, bool wide);

  const ImagePlan& plan() const { return plan_; }
  // Images are bytes (KernelSet::dot_offset), instead of int16 with the zero point taken off.
  bool uses_dot() const { return dot_; }
  size_t image_bytes() const { return plan_.padded_size * (dot_ ? 1 : 2) + 64; }
  const std::vector<int32_t>& weight_sums() const { return weight_sums_; }

  // `start` and `finish` count channels from the group's first.
  struct Starts {
    const int32_t* narrow;
    const int64_t* wide;
  };
  void convolve(int32_t group, const void* image, Starts start, const Finish& finish, void* output,
                int32_t output_step) const;

 private:
  const KernelSet& set_;
  ConvShape shape_;
  PooledOutputs pooled_;
  ImagePlan plan_;
  bool dot_;
  std::vector<int32_t> steps_;
  int32_t chunk_steps_ = 0;
  size_t group_size_ = 0;
  Padded<int8_t> bytes_;
  Padded<int16_t> pairs_;
  std::vector<int32_t> weight_sums_;
};

// In and out of T: int8, uint8 or int16.
template <class T>
class IntegerConv {
 public:
  // `filter` holds weights above their zero point; `bias` is int32 or int64 by the sums' type.
  // Pooling takes a requantization that keeps_order (requantization.h) for this filter and bias.
  IntegerConv(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled,
              int32_t input_zero_point, std::span<const int16_t> filter,
              std::span<const int64_t> bias, const AnyRequantization& requantization,
              int32_t output_step = 0);
  IntegerConv(const IntegerConv&) = delete;
  IntegerConv& operator=(const IntegerConv&) = delete;

  size_t scratch_bytes() const { return filter_.image_bytes(); }
  void run(const T* input, T* output, std::byte* scratch) const;

 private:
  const KernelSet& set_;
  ConvShape shape_;
  PooledOutputs pooled_;
  int32_t input_zero_point_;
  RequantizingFinish finish_;
  IntegerFilter filter_;
  Start start_;
  int32_t output_step_;
};

// Float in and out, int8 weights. Each image is quantized as it comes; with `by_row` each pixel of
// a pointwise shape (the rows of a dense layer).
class HybridConv {
 public:
  // Pooling takes images that are quantized as a whole, and scales that are not negative.
  HybridConv(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled,
             std::span<const int8_t> filter, std::span<const float> weight_scales,
             std::span<const float> bias, DynamicScheme scheme, ScaleOrders orders, bool by_row,
             float min, float max);
  HybridConv(const HybridConv&) = delete;
  HybridConv& operator=(const HybridConv&) = delete;

  size_t scratch_bytes() const;
  void run(const float* input, float* output, std::byte* scratch) const;

 private:
  const KernelSet& set_;
  ConvShape shape_;
  PooledOutputs pooled_;
  IntegerFilter filter_;
  Padded<float> weight_scales_;
  Padded<float> bias_;
  Padded<int32_t> weight_sums_;
  Padded<int32_t> zeros_;
  DynamicScheme scheme_;
  ScaleOrders orders_;
  bool by_row_;
  float min_;
  float max_;
};

}  // namespace litesmith::kernels
