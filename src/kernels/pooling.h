// Pooling, prepared once and run often. Equals reference/pooling.h.
#pragma once

#include "kernels/conv_shape.h"
#include "kernels/kernel_set.h"

namespace litesmith::kernels {

enum class Pooling { max, average };

template <class T>
class Pool {
 public:
  // Throws Error(unsupported) when a window is so large that its sum overflows.
  Pool(const KernelSet& set, Pooling pooling, const ConvShape& shape, T min, T max);
  void run(const T* input, T* output) const;

 private:
  PoolKernel<T> kernel_;
  ConvShape shape_;
  T min_;
  T max_;
};

}  // namespace litesmith::kernels
