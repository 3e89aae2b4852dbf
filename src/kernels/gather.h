// Entries of a tensor picked by index: GATHER with axis and batch_dims.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace litesmith::kernels {

// Sizes of params as [batch, outer, axis, inner] and of indices as [batch, coords].
struct GatherSizes {
  size_t batch;
  size_t outer;
  int64_t axis;
  size_t coords;
  size_t inner_bytes;
};

// Position of the first index that is outside [0, axis), or -1 when all are inside and `out` holds
// the result.
template <class Index>
int64_t gather(const GatherSizes& sizes, const std::byte* params, const Index* indices,
               std::byte* out) {
  for (size_t i = 0; i < sizes.batch * sizes.coords; ++i) {
    if (indices[i] < 0 || indices[i] >= sizes.axis) return static_cast<int64_t>(i);
  }
  const size_t slab_bytes = static_cast<size_t>(sizes.axis) * sizes.inner_bytes;
  for (size_t b = 0; b < sizes.batch; ++b) {
    const Index* picked = indices + b * sizes.coords;
    for (size_t o = 0; o < sizes.outer; ++o) {
      for (size_t c = 0; c < sizes.coords; ++c) {
        std::memcpy(out, params + static_cast<size_t>(picked[c]) * sizes.inner_bytes,
                    sizes.inner_bytes);
        out += sizes.inner_bytes;
      }
      params += slab_bytes;
    }
  }
  return -1;
}

}  // namespace litesmith::kernels
