// Where a sliding window stands over one dimension of an image: what convolution and pooling share,
// in plain numbers.
#pragma once

#include <algorithm>
#include <cstdint>

namespace litesmith::kernels {

struct Window {
  int32_t input = 1;   // positions of the image
  int32_t output = 1;  // positions of the window
  int32_t taps = 1;    // positions within the window
  int32_t stride = 1;
  int32_t dilation = 1;
  int32_t padding_before = 0;

  // The image position of the first tap; outside the image when it lies in the padding.
  int64_t origin(int32_t out) const { return int64_t{out} * stride - padding_before; }

  struct Range {
    int32_t begin;
    int32_t end;  // not after begin when no tap lies in the image
    int32_t count() const { return std::max(end - begin, 0); }
    friend bool operator==(Range, Range) = default;
  };
  // The taps that lie in the image.
  Range inside(int32_t out) const {
    const int64_t first = origin(out);
    const int64_t begin = first >= 0 ? 0 : (-first + dilation - 1) / dilation;
    const int64_t left = input - first;  // image positions from the first tap on
    const int64_t end = left <= 0 ? 0 : (left + dilation - 1) / dilation;
    return {static_cast<int32_t>(std::min<int64_t>(begin, taps)),
            static_cast<int32_t>(std::min<int64_t>(end, taps))};
  }
};

}  // namespace litesmith::kernels
