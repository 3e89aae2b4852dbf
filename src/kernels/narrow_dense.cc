#include "kernels/narrow_dense.h"

#include <algorithm>

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

}  // namespace litesmith::kernels
