// A float dense layer of few outputs. Each sum is that of sixteen, of every sixteenth input, added
// by halves: another order than reference/convolution.h has, the same on every instruction set.
#pragma once

#include <span>

#include "kernels/kernel_set.h"
#include "kernels/packing.h"

namespace litesmith::kernels {

class NarrowDense {
 public:
  static bool fits(int32_t inputs, int32_t outputs) { return outputs <= 16 && inputs >= 32; }

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

}  // namespace litesmith::kernels
