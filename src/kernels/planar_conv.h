// Float convolution to few channels, where vectors over the channels would be empty for the most
// part: they run over the pixels of a row instead. The image is taken apart for it, so that what
// neighbouring windows read lies side by side: each channel by itself, and with a stride of s its
// columns 0, s, 2s, ... before the columns 1, s + 1, 2s + 1, ...
//
// Each sum is that of FloatConv, term by term: the bits are the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/conv_shape.h"
#include "kernels/kernel_set.h"

namespace litesmith::kernels {

class PlanarConv {
 public:
  // Whether it computes this convolution, and pays on this machine.
  static bool fits(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled);

  // As FloatConv.
  PlanarConv(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled,
             std::span<const float> filter, std::span<const float> bias, float min, float max,
             int32_t output_step = 0);
  PlanarConv(const PlanarConv&) = delete;
  PlanarConv& operator=(const PlanarConv&) = delete;

  size_t scratch_bytes() const;
  void run(const float* input, float* output, std::byte* scratch) const;

 private:
  // The image taken apart, of as many rows as windows reach over. Sizes in elements.
  struct Planes {
    int64_t rows;
    int64_t columns;  // of one channel's one phase, to whole vectors
    int64_t row;      // all of a row: channels, in each the phases of the stride
    explicit Planes(const ConvShape& shape);
  };

  void take_apart(const float* input, float* planes) const;
  void pool(const float* sums, float* output) const;

  const KernelSet& set_;
  ConvShape shape_;
  PooledOutputs pooled_;
  Planes planes_;
  std::vector<int32_t> steps_;
  std::vector<float> weights_;  // [term, output]
  std::vector<float> start_;
  float min_;
  float max_;
  int32_t output_step_;
};

}  // namespace litesmith::kernels
