// Float convolution of 3x3 windows by F(2x2, 3x3) and F(4x2, 3x3): four outputs from sixteen
// products instead of thirty-six, eight from twenty-four instead of seventy-two (Winograd,
// "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for Convolutional
// Neural Networks", 2015). Patches of 4x4 or 6x4 inputs and the filters are transformed, multiplied
// as sixteen or twenty-four plain matrices, and transformed back; two rows of a patch's outputs are
// also just the window of a 2x2 max pool.
//
// A transform evaluates polynomials at points; the nearer their powers are to one, the less is
// rounded. At 0, +-3/4, +-3/2 and infinity, exact in binary, F(4x2) loses a third to a half of what
// it loses at the customary 0, +-1, +-2 (measured on random layers of 32 and 128 channels).
//
// The sums come in another order than reference/convolution.h has them: results differ by less than
// 1e-6 of the largest, or with hundreds of channels by less than that order itself loses. They are
// the same on every instruction set.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "kernels/conv_shape.h"
#include "kernels/kernel_set.h"
#include "kernels/packing.h"

namespace litesmith::kernels {

class WinogradConv {
 public:
  // Whether it computes this convolution, and pays: that depends on sizes alone.
  static bool fits(const ConvShape& shape, const PooledOutputs& pooled);

  // As FloatConv.
  WinogradConv(const KernelSet& set, const ConvShape& shape, const PooledOutputs& pooled,
               std::span<const float> filter, std::span<const float> bias, float min, float max);
  WinogradConv(const WinogradConv&) = delete;
  WinogradConv& operator=(const WinogradConv&) = delete;

  size_t scratch_bytes() const;
  void run(const float* input, float* output, std::byte* scratch) const;

 private:
  void transform_filter(std::span<const float> filter);
  // How outputs of the convolution are taken along one dimension: `at_once` make a patch. The last
  // patch is moved back to end with the last output, and some outputs are computed twice.
  struct Patches {
    int32_t outputs;
    int32_t at_once;
    int32_t count() const { return (outputs + at_once - 1) / at_once; }
    int32_t begin(int32_t patch) const { return std::min(patch * at_once, outputs - at_once); }
  };

  size_t copy_size() const;  // elements of the image made ready, 0 when the input will do
  void run_patches(const float* image, int32_t first, int32_t count, float* output,
                   float* scratch) const;

  const KernelSet& set_;
  ConvShape shape_;
  bool pooled_;
  Patches rows_;
  Patches columns_;
  size_t products_;  // of a patch
  const WinogradKernels* kernels_;
  ImageCopy copy_ = {};
  std::vector<int32_t> steps_;
  size_t matrix_size_ = 0;  // packed weights of one of the products
  Padded<float> weights_;
  Padded<float> zeros_;
  Padded<float> bias_;
  float min_;
  float max_;
};

}  // namespace litesmith::kernels
