#include "kernels/narrow_dense.h"

#include <algorithm>

#include "base/error.h"

namespace litesmith::kernels {

NarrowDense::NarrowDense(const KernelSet& set, int32_t rows, int32_t inputs, int32_t outputs,
                         std::span<const float> filter, std::span<const float> bias, float min,
                         float max)
    : set_(set), bias_(static_cast<size_t>(outputs)) {
  check(filter.size() == static_cast<size_t>(inputs) * static_cast<size_t>(outputs),
        "a filter's size");
  std::copy(bias.begin(), bias.end(), bias_.data());
  PackedShape packing = set.float_packing;
  packing.channels = outputs;
  const std::vector<Run> runs = {{0, inputs}};
  weights_ = Padded<float>(packed_size(packing, runs));
  for_each_packed(packing, runs, [&](size_t position, int32_t channel, size_t term) {
    weights_[position] = filter[static_cast<size_t>(channel) * static_cast<size_t>(inputs) + term];
  });
  call_ = {.rows = rows,
           .inputs = inputs,
           .outputs = outputs,
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

}  // namespace litesmith::kernels
