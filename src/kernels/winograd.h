// Float convolution of 3x3 windows by F(2x2, 3x3): four outputs from sixteen products instead of
// thirty-six (Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast
// Algorithms for Convolutional Neural Networks", 2015). Patches of 4x4 inputs and the filters are
// transformed, multiplied as sixteen plain matrices, and transformed back; the 2x2 outputs of a
// patch are also just the window of a 2x2 max pool.
//
// The sums come in another order than reference/convolution.h has them: results differ by some 1e-7
// of the largest. They are the same on every instruction set.
#pragma once

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
  size_t copy_size() const;  // elements of the image made ready, 0 when the input will do
  void run_patches(const float* image, int32_t first, int32_t count, float* output,
                   float* scratch) const;

  const KernelSet& set_;
  ConvShape shape_;
  bool pooled_;
  int32_t patch_rows_;
  int32_t patch_columns_;
  int32_t output_rows_;
  int32_t output_columns_;
  ImageCopy copy_ = {};
  std::vector<int32_t> steps_;
  size_t matrix_size_ = 0;  // packed weights of one of the sixteen
  Padded<float> weights_;
  Padded<float> zeros_;
  Padded<float> bias_;
  float min_;
  float max_;
};

}  // namespace litesmith::kernels
