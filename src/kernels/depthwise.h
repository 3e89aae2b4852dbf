// Depthwise convolution, prepared once and run often, as the classes of conv.h. Shapes have as many
// groups as input channels; filters are [tap row, tap column, output channel].
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

class FloatDepthwise {
 public:
  FloatDepthwise(const KernelSet& set, const ConvShape& shape, std::span<const float> filter,
                 std::span<const float> bias, float min, float max);
  FloatDepthwise(const FloatDepthwise&) = delete;
  FloatDepthwise& operator=(const FloatDepthwise&) = delete;

  size_t scratch_bytes() const { return copies() ? plan_.padded_size * sizeof(float) : 0; }
  void run(const float* input, float* output, std::byte* scratch) const;

 private:
  bool copies() const { return plan_.padded || plan_.copy.repeat > 1; }

  const KernelSet& set_;
  ConvShape shape_;
  ImagePlan plan_;
  std::vector<int32_t> taps_;
  Padded<float> weights_;
  Padded<float> start_;
  float min_;
  float max_;
};

// Integer filters laid out for the machine's best products, and the convolution of an image that is
// made ready some rows at a time. Part of the classes below.
class DepthwiseFilter {
 public:
  // `byte_images`: images are int8. `wide`: sums are int64.
  DepthwiseFilter(const KernelSet& set, const ConvShape& shape, std::span<const int16_t> filter,
                  bool byte_images, bool wide);

  // Images are bytes (KernelSet::dot_offset), instead of int16 with the zero point taken off.
  bool uses_dot() const { return dot_; }
  const std::vector<int32_t>& weight_sums() const { return weight_sums_; }
  size_t scratch_bytes() const;
  // One image of T; `call` holds what does not depend on it: starts and finish.
  template <class T, class Out>
  void convolve(const T* input, int32_t zero_point, IntegerDepthwiseCall call, Out* output,
                std::byte* scratch) const;

 private:
  const KernelSet& set_;
  ConvShape shape_;
  ImagePlan plan_;
  bool dot_;
  int32_t padded_channels_;
  int32_t strip_rows_;  // output rows that are made ready together
  int32_t chunk_steps_ = 0;
  std::vector<int32_t> steps_;
  Padded<int32_t> weights_;
  std::vector<int32_t> weight_sums_;
};

template <class T>
class IntegerDepthwise {
 public:
  IntegerDepthwise(const KernelSet& set, const ConvShape& shape, int32_t input_zero_point,
                   std::span<const int16_t> filter, std::span<const int64_t> bias,
                   const AnyRequantization& requantization);
  IntegerDepthwise(const IntegerDepthwise&) = delete;
  IntegerDepthwise& operator=(const IntegerDepthwise&) = delete;

  size_t scratch_bytes() const { return filter_.scratch_bytes(); }
  void run(const T* input, T* output, std::byte* scratch) const;

 private:
  ConvShape shape_;
  int32_t input_zero_point_;
  RequantizingFinish finish_;
  DepthwiseFilter filter_;
  Start start_;
};

class HybridDepthwise {
 public:
  HybridDepthwise(const KernelSet& set, const ConvShape& shape, std::span<const int8_t> filter,
                  std::span<const float> weight_scales, std::span<const float> bias,
                  DynamicScheme scheme, ScaleOrders orders, float min, float max);
  HybridDepthwise(const HybridDepthwise&) = delete;
  HybridDepthwise& operator=(const HybridDepthwise&) = delete;

  size_t scratch_bytes() const;
  void run(const float* input, float* output, std::byte* scratch) const;

 private:
  const KernelSet& set_;
  ConvShape shape_;
  DepthwiseFilter filter_;
  Padded<float> weight_scales_;
  Padded<float> bias_;
  Padded<int32_t> weight_sums_;
  Padded<int32_t> zeros_;
  DynamicScheme scheme_;
  ScaleOrders orders_;
  float min_;
  float max_;
};

}  // namespace litesmith::kernels
