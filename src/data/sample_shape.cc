#include "data/sample_shape.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace litesmith {
namespace {

bool fits(int64_t size, int32_t wanted) {
  return wanted < 0 ? size <= std::numeric_limits<int32_t>::max() : size == wanted;
}

}  // namespace

std::optional<ShapeFit> fit_sample_shape(std::span<const int64_t> sample, const Shape& wanted) {
  ShapeFit fit{wanted, true};
  if (std::equal(sample.begin(), sample.end(), wanted.begin(), wanted.end(), fits)) {
    std::transform(sample.begin(), sample.end(), fit.shape.begin(),
                   [](int64_t size) { return static_cast<int32_t>(size); });
    return fit;
  }
  fit.exact = false;
  std::vector<int64_t> sizes;
  std::copy_if(sample.begin(), sample.end(), std::back_inserter(sizes),
               [](int64_t size) { return size != 1; });
  auto next = sizes.begin();
  for (int32_t& size : fit.shape) {
    if (size == 1) continue;
    if (next != sizes.end() && fits(*next, size)) {
      size = static_cast<int32_t>(*next++);
    } else if (size < 0) {
      size = 1;  // a dynamic dimension that was dropped
    } else {
      return std::nullopt;
    }
  }
  if (next != sizes.end()) return std::nullopt;
  return fit;
}

bool same_sizes_in_another_order(std::span<const int64_t> sample, const Shape& wanted) {
  return std::is_permutation(sample.begin(), sample.end(), wanted.begin(), wanted.end());
}

}  // namespace litesmith
