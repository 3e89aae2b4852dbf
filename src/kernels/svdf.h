// The singular value decomposition filter: each step a row of features, of which a filter keeps the
// last `memory` and weighs them by time; a unit is the sum of `rank` filters.
//
//   s_f = (s_f shifted by one, w_f . x),  y_u = activation(b_u + sum over its f of v_f . s_f)
//
// In float, in float with int8 feature weights, and in integers as LiteRT's reference/svdf.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/conv.h"
#include "kernels/dynamic_quantization.h"
#include "kernels/fixed_point.h"
#include "kernels/kernel_set.h"

namespace litesmith::kernels {

struct SvdfShape {
  int32_t batch = 1;
  int32_t inputs = 0;
  int32_t filters = 0;
  int32_t memory = 0;
  int32_t rank = 1;

  size_t states() const {
    return static_cast<size_t>(batch) * static_cast<size_t>(filters) * static_cast<size_t>(memory);
  }
  int32_t units() const { return filters / rank; }
};

class FloatSvdf {
 public:
  // `feature` is [filters, inputs], `time` [filters, memory], `bias` [units] or empty. With int8
  // features of one scale, rows of the input are quantized as they come.
  FloatSvdf(const KernelSet& set, const SvdfShape& shape, std::span<const float> feature,
            std::vector<float> time, std::span<const float> bias, float min, float max);
  FloatSvdf(const SvdfShape& shape, std::span<const int8_t> feature, float feature_scale,
            DynamicScheme scheme, std::vector<float> time, std::span<const float> bias, float min,
            float max);

  size_t scratch_bytes() const;
  // `state` is [batch, filters, memory].
  void run(const float* input, float* state, float* output, std::byte* scratch) const;

 private:
  void quantized_features(const float* input, float* features, int8_t* codes) const;

  SvdfShape shape_;
  std::unique_ptr<FloatConv> features_;  // none where the weights are int8
  std::span<const int8_t> codes_;
  float scale_ = 1;
  DynamicScheme scheme_ = DynamicScheme::symmetric;
  std::vector<float> time_;
  std::span<const float> bias_;
  float min_;
  float max_;
};

// int8 in and out; time weights and state of int16 or, in TFLite Micro, of int8.
template <class State>
struct IntegerSvdf {
  SvdfShape shape;
  std::span<const int8_t> feature;
  std::span<const State> time;
  std::span<const int32_t> bias;  // or empty
  int32_t input_zero_point = 0;
  int32_t state_zero_point = 0;  // 0 of int16
  int32_t output_zero_point = 0;
  Multiplier to_state;
  Multiplier to_output;

  void run(const int8_t* input, State* state, int8_t* output) const;
};

}  // namespace litesmith::kernels
