// Filters laid out for the inner loops, and the walk of their windows over a padded image.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/arena.h"
#include "kernels/conv_shape.h"
#include "kernels/kernel_set.h"

namespace litesmith::kernels {

// A stretch of memory that the taps of a window read one after the other, in elements from the
// window's first tap.
struct Run {
  int32_t offset;
  int32_t count;
};

// Memory for vectors of any width: 64-byte aligned, with room to read a vector beyond the end.
template <class T>
class Padded {
 public:
  Padded() = default;
  // `count` elements of `fill`, followed by 64 bytes of it.
  explicit Padded(size_t count, T fill = {})
      : storage_((count * sizeof(T) + 127) / 64), data_(reinterpret_cast<T*>(storage_.data())) {
    std::fill_n(data_, storage_.size() * 64 / sizeof(T), fill);
  }
  Padded(Padded&&) noexcept = default;
  Padded& operator=(Padded&&) noexcept = default;

  T* data() { return data_; }
  const T* data() const { return data_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }

 private:
  struct alignas(64) Line {
    std::byte bytes[64];
  };
  std::vector<Line> storage_;
  T* data_ = nullptr;
};

// `values`, in memory for `count` elements.
template <class T>
Padded<T> padded(std::span<const T> values, size_t count) {
  Padded<T> result(count);
  std::copy(values.begin(), values.end(), result.data());
  return result;
}

// How the images of a convolution are walked over. Images are padded first unless no window
// touches padding.
struct ImagePlan {
  ImagePlan() = default;
  // Each channel lies `repeat` times in the padded image (a depthwise multiplier).
  ImagePlan(const ConvShape& shape, int32_t repeat);

  bool padded = false;  // some window reaches beyond the image
  ImageCopy copy = {};
  int32_t pixel = 0;       // elements of a padded pixel
  size_t padded_size = 0;  // elements of a padded image; throws Error(unsupported) when absurd
  // The steps of a window are held apart from the walk, which only points at them.
  Walk walk(const ConvShape& shape, const PooledOutputs& pooled,
            const std::vector<int32_t>& steps) const;
  // A run for each tap, of the channels of a group; or, where neighbouring taps lie side by side,
  // one for each row of taps.
  std::vector<Run> runs(const ConvShape& shape) const;
  // Where each tap lies.
  std::vector<int32_t> taps(const ConvShape& shape) const;
};

// Where each group of terms of the runs begins.
std::vector<int32_t> steps_of(const std::vector<Run>& runs, int32_t group);

// The elements that packed weights take for runs of these lengths.
size_t packed_size(PackedShape packing, const std::vector<Run>& runs);

// Calls put(position, channel, term) for each weight there is; the rest of the packed weights is
// padding, to be zero. Terms count through the runs in order: the order of a filter.
template <class Put>
void for_each_packed(PackedShape packing, const std::vector<Run>& runs, Put put) {
  const auto group = static_cast<size_t>(packing.group);
  size_t run_start = 0;
  for (int32_t first = 0; first < packing.channels; first += packing.block) {
    const auto width = static_cast<size_t>(packing.block_width(first));
    const int32_t end = std::min(first + packing.block, packing.channels);
    size_t first_term = 0;
    for (const Run& run : runs) {
      const auto count = static_cast<size_t>(run.count);
      for (size_t term = 0; term < count; ++term) {
        const size_t step = run_start + term / group * group * width + term % group;
        for (int32_t channel = first; channel < end; ++channel) {
          put(step + static_cast<size_t>(channel - first) * group, channel, first_term + term);
        }
      }
      first_term += count;
      run_start += (count + group - 1) / group * group * width;
    }
  }
}

}  // namespace litesmith::kernels
