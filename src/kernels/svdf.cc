#include "kernels/svdf.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/packing.h"

namespace litesmith::kernels {
namespace {

// Every filter's memory by one step; the newest place is then filled anew.
template <class T>
void shift(const SvdfShape& shape, T* state) {
  std::copy(state + 1, state + shape.states(), state);
}

}  // namespace

FloatSvdf::FloatSvdf(const KernelSet& set, const SvdfShape& shape, std::span<const float> feature,
                     std::vector<float> time, std::span<const float> bias, float min, float max)
    : shape_(shape), time_(std::move(time)), bias_(bias), min_(min), max_(max) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  features_ = std::make_unique<FloatConv>(
      set, dense_shape(shape.batch, shape.inputs, shape.filters), PooledOutputs{}, feature,
      std::span<const float>{}, -kInfinity, kInfinity);
}

FloatSvdf::FloatSvdf(const SvdfShape& shape, std::span<const int8_t> feature, float feature_scale,
                     DynamicScheme scheme, std::vector<float> time, std::span<const float> bias,
                     float min, float max)
    : shape_(shape),
      codes_(feature),
      scale_(feature_scale),
      scheme_(scheme),
      time_(std::move(time)),
      bias_(bias),
      min_(min),
      max_(max) {}

size_t FloatSvdf::scratch_bytes() const {
  const size_t rest = features_ ? features_->scratch_bytes() : static_cast<size_t>(shape_.inputs);
  return round_up(static_cast<size_t>(shape_.batch) * static_cast<size_t>(shape_.filters) *
                  sizeof(float)) +
         round_up(rest);
}

void FloatSvdf::quantized_features(const float* input, float* features, int8_t* codes) const {
  const auto inputs = static_cast<size_t>(shape_.inputs);
  const auto filters = static_cast<size_t>(shape_.filters);
  for (size_t b = 0; b < static_cast<size_t>(shape_.batch); ++b) {
    const DynamicAffine affine =
        quantize_dynamically(scheme_, std::span<const float>(input + b * inputs, inputs), codes);
    const float scale = affine.scale * scale_;
    for (size_t f = 0; f < filters; ++f) {
      const int8_t* weights = codes_.data() + f * inputs;
      int32_t sum = 0;
      for (size_t i = 0; i < inputs; ++i) {
        sum += int32_t{weights[i]} * (codes[i] - affine.zero_point);
      }
      features[b * filters + f] = static_cast<float>(sum) * scale;
    }
  }
}

void FloatSvdf::run(const float* input, float* state, float* output, std::byte* scratch) const {
  const auto memory = static_cast<size_t>(shape_.memory);
  const auto filters = static_cast<size_t>(shape_.filters);
  const auto rank = static_cast<size_t>(shape_.rank);
  const auto units = static_cast<size_t>(shape_.units());
  auto* const features = reinterpret_cast<float*>(scratch);
  std::byte* const rest =
      scratch + round_up(static_cast<size_t>(shape_.batch) * filters * sizeof(float));
  if (features_) {
    features_->run(input, features, rest);
  } else {
    quantized_features(input, features, reinterpret_cast<int8_t*>(rest));
  }
  shift(shape_, state);
  for (size_t b = 0; b < static_cast<size_t>(shape_.batch); ++b) {
    for (size_t f = 0; f < filters; ++f) {
      float* const kept = state + (b * filters + f) * memory;
      kept[memory - 1] = features[b * filters + f];
      float sum = 0;
      for (size_t m = 0; m < memory; ++m) sum = std::fma(time_[f * memory + m], kept[m], sum);
      features[b * filters + f] = sum;
    }
    for (size_t u = 0; u < units; ++u) {
      float sum = 0;
      for (size_t r = 0; r < rank; ++r) sum += features[b * filters + u * rank + r];
      if (!bias_.empty()) sum += bias_[u];
      output[b * units + u] = std::min(std::max(sum, min_), max_);
    }
  }
}

template <class State>
void IntegerSvdf<State>::run(const int8_t* input, State* state, int8_t* output) const {
  const auto inputs = static_cast<size_t>(shape.inputs);
  const auto memory = static_cast<size_t>(shape.memory);
  const auto filters = static_cast<size_t>(shape.filters);
  const auto rank = static_cast<size_t>(shape.rank);
  const auto units = static_cast<size_t>(shape.units());
  shift(shape, state);
  for (size_t b = 0; b < static_cast<size_t>(shape.batch); ++b) {
    for (size_t f = 0; f < filters; ++f) {
      int32_t sum = 0;
      for (size_t i = 0; i < inputs; ++i) {
        sum += int32_t{feature[f * inputs + i]} * (input[b * inputs + i] - input_zero_point);
      }
      // Beyond its type only the zero point can take it; it wraps then, as TFLite Micro's does.
      state[(b * filters + f) * memory + memory - 1] = static_cast<State>(
          saturated<State>(DoubleRounding::apply(sum, to_state)) + state_zero_point);
    }
    for (size_t u = 0; u < units; ++u) {
      // Sums of int32 wrap, as LiteRT's do in practice.
      uint32_t sum = bias.empty() ? 0 : static_cast<uint32_t>(bias[u]);
      for (size_t f = u * rank; f < (u + 1) * rank; ++f) {
        const State* kept = state + (b * filters + f) * memory;
        for (size_t m = 0; m < memory; ++m) {
          sum +=
              static_cast<uint32_t>(int32_t{time[f * memory + m]} * (kept[m] - state_zero_point));
        }
      }
      output[b * units + u] = saturated<int8_t>(
          int64_t{DoubleRounding::apply(static_cast<int32_t>(sum), to_output)} + output_zero_point);
    }
  }
}

template struct IntegerSvdf<int8_t>;
template struct IntegerSvdf<int16_t>;

}  // namespace litesmith::kernels
