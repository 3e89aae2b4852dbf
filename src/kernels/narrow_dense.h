// Dense layers of few outputs, whose vectors run over the inputs.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "kernels/conv_shape.h"
#include "kernels/finish.h"
#include "kernels/kernel_set.h"
#include "kernels/packing.h"
#include "kernels/requantization.h"

namespace litesmith::kernels {

// Each sum is that of sixteen, of every sixteenth input, added by halves: another order than
// reference/convolution.h has, the same on every instruction set.
class NarrowDense {
 public:
  static bool fits(int32_t inputs, int32_t outputs) {
    return outputs <= narrow_outputs && inputs >= 32;
  }

  // `filter` is [output, input]; an empty bias is zeros. `rows` inputs lie one after the other.
  NarrowDense(const KernelSet& set, int32_t rows, int32_t inputs, int32_t outputs,
              std::span<const float> filter, std::span<const float> bias, float min, float max);
  NarrowDense(const NarrowDense&) = delete;
  NarrowDense& operator=(const NarrowDense&) = delete;

  size_t scratch_bytes() const { return 0; }
  void run(const float* input, float* output, std::byte* scratch) const;

 private:
  const KernelSet& set_;
  Padded<float> weights_;
  Padded<float> bias_;
  NarrowDenseCall call_;  // without input and output
};

// Of int8, equal to IntegerConv.
class NarrowIntegerDense {
 public:
  // Whether the machine's products suit it, these weights are int8 and the sums int32.
  static bool fits(const KernelSet& set, const ConvShape& shape, std::span<const int16_t> filter,
                   const AnyRequantization& requantization);

  // As IntegerConv, of a shape that is a dense layer's.
  NarrowIntegerDense(const KernelSet& set, const ConvShape& shape, int32_t input_zero_point,
                     std::span<const int16_t> filter, std::span<const int64_t> bias,
                     const AnyRequantization& requantization);
  NarrowIntegerDense(const NarrowIntegerDense&) = delete;
  NarrowIntegerDense& operator=(const NarrowIntegerDense&) = delete;

  size_t scratch_bytes() const { return 0; }
  void run(const int8_t* input, int8_t* output, std::byte* scratch) const;

 private:
  const KernelSet& set_;
  RequantizingFinish finish_;
  Padded<int8_t> weights_;
  std::optional<Start> start_;
  NarrowDotCall call_;  // without input, finish and output
};

}  // namespace litesmith::kernels
