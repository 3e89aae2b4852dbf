#include "kernels/pooling.h"

#include <type_traits>

#include "base/error.h"

namespace litesmith::kernels {
namespace {

template <class T>
const PoolKernels<T>& pooling_of(const KernelSet& set) {
  if constexpr (std::is_same_v<T, float>) return *set.float_pooling;
  if constexpr (std::is_same_v<T, int8_t>) return *set.int8_pooling;
  if constexpr (std::is_same_v<T, uint8_t>) return *set.uint8_pooling;
  if constexpr (std::is_same_v<T, int16_t>) return *set.int16_pooling;
}

}  // namespace

template <class T>
Pool<T>::Pool(const KernelSet& set, Pooling pooling, const ConvShape& shape, T min, T max)
    : kernel_(pooling == Pooling::max ? pooling_of<T>(set).max : pooling_of<T>(set).average),
      shape_(shape),
      min_(min),
      max_(max) {
  if (shape.taps() > size_t{1} << 22) {
    throw Error(ErrorCode::unsupported,
                "a pooling window of " + std::to_string(shape.taps()) + " positions is too large");
  }
}

template <class T>
void Pool<T>::run(const T* input, T* output) const {
  kernel_({.shape = &shape_, .input = input, .output = output, .min = min_, .max = max_});
}

template class Pool<float>;
template class Pool<int8_t>;
template class Pool<uint8_t>;
template class Pool<int16_t>;

}  // namespace litesmith::kernels
