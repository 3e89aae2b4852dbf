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

template <class T>
class IntegerDepthwise {
 public:
  IntegerDepthwise(const KernelSet& set, const ConvShape& shape, int32_t input_zero_point,
                   std::span<const int16_t> filter, std::span<const int64_t> bias,
                   const AnyRequantization& requantization);
  IntegerDepthwise(const IntegerDepthwise&) = delete;
  IntegerDepthwise& operator=(const IntegerDepthwise&) = delete;

  size_t scratch_bytes() const { return plan_.padded_size * sizeof(int16_t) + 64; }
  void run(const T* input, T* output, std::byte* scratch) const;

 private:
  const KernelSet& set_;
  ConvShape shape_;
  ImagePlan plan_;
  std::vector<int32_t> taps_;
  int32_t input_zero_point_;
  RequantizingFinish finish_;
  Padded<int16_t> weights_;
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
  ImagePlan plan_;
  std::vector<int32_t> taps_;
  Padded<int16_t> weights_;
  Padded<float> weight_scales_;
  Padded<float> bias_;
  Padded<int32_t> zeros_;
  DynamicScheme scheme_;
  ScaleOrders orders_;
  float min_;
  float max_;
};

}  // namespace litesmith::kernels
