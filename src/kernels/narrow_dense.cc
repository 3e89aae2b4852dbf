#include "kernels/narrow_dense.h"

#include <algorithm>
#include <vector>

#include "base/checked.h"
#include "base/error.h"

namespace litesmith::kernels {

NarrowDense::NarrowDense(const KernelSet& set, int32_t rows, int32_t inputs, int32_t outputs,
                         std::span<const float> filter, std::span<const float> bias, float min,
                         float max)
    : set_(set), bias_(static_cast<size_t>(outputs)) {
  check(filter.size() == static_cast<size_t>(inputs) * static_cast<size_t>(outputs),
        "a filter's size");
  std::copy(bias.begin(), bias.end(), bias_.data());
  const size_t stride = round_up(static_cast<size_t>(inputs) * sizeof(float)) / sizeof(float);
  weights_ = Padded<float>(checked_mul(stride, static_cast<size_t>(outputs)));
  for (size_t o = 0; o < static_cast<size_t>(outputs); ++o) {
    const auto of_output =
        filter.subspan(o * static_cast<size_t>(inputs), static_cast<size_t>(inputs));
    std::copy(of_output.begin(), of_output.end(), weights_.data() + o * stride);
  }
  call_ = {.rows = rows,
           .inputs = inputs,
           .outputs = outputs,
           .stride = static_cast<ptrdiff_t>(stride),
           .input = nullptr,
           .weights = weights_.data(),
           .bias = bias_.data(),
           .min = min,
           .max = max,
           .output = nullptr};
}

void NarrowDense::run(const float* input, float* output, std::byte*) const {
  NarrowDenseCall call = call_;
  call.input = input;
  call.output = output;
  set_.narrow_dense(call);
}

bool NarrowIntegerDense::fits(const KernelSet& set, const ConvShape& shape,
                              std::span<const int16_t> filter,
                              const AnyRequantization& requantization) {
  return set.narrow_dot != nullptr && shape.groups == 1 &&
         NarrowDense::fits(shape.input_channels, shape.output_channels) &&
         std::all_of(filter.begin(), filter.end(),
                     [](int16_t weight) { return weight >= INT8_MIN && weight <= INT8_MAX; }) &&
         !RequantizingFinish::to<int8_t>(set, requantization).is_wide();
}

NarrowIntegerDense::NarrowIntegerDense(const KernelSet& set, const ConvShape& shape,
                                       int32_t input_zero_point, std::span<const int16_t> filter,
                                       std::span<const int64_t> bias,
                                       const AnyRequantization& requantization)
    : set_(set), finish_(RequantizingFinish::to<int8_t>(set, requantization)) {
  check(shape.is_pointwise() && fits(set, shape, filter, requantization), "a narrow dense layer");
  const auto inputs = static_cast<size_t>(shape.input_channels);
  const auto outputs = static_cast<size_t>(shape.output_channels);
  check(filter.size() == inputs * outputs, "a filter's size");
  const size_t stride = round_up(inputs);
  weights_ = Padded<int8_t>(checked_mul(stride, outputs));
  std::vector<int32_t> sums(outputs);
  for (size_t o = 0; o < outputs; ++o) {
    for (size_t i = 0; i < inputs; ++i) {
      const int16_t weight = filter[o * inputs + i];
      weights_[o * stride + i] = static_cast<int8_t>(weight);
      sums[o] = wrapping_add(sums[o], int32_t{weight});
    }
  }
  start_.emplace(bias, set.dot_offset + input_zero_point, sums);
  call_ = {.rows = static_cast<int32_t>(int64_t{shape.batches} *
                                        static_cast<int64_t>(shape.output_pixels())),
           .inputs = shape.input_channels,
           .outputs = shape.output_channels,
           .stride = static_cast<ptrdiff_t>(stride),
           .input = nullptr,
           .weights = weights_.data(),
           .start = start_->narrow.data(),
           .finish = {},
           .output = nullptr};
}

void NarrowIntegerDense::run(const int8_t* input, int8_t* output, std::byte*) const {
  RequantizingFinish::Storage storage;
  NarrowDotCall call = call_;
  call.input = input;
  call.finish = finish_.from_channel(0, storage);
  call.output = output;
  set_.narrow_dot(call);
}

}  // namespace litesmith::kernels
