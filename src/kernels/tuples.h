// Slices of a tensor found by tuples of leading indices: GATHER_ND and SCATTER_ND.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace litesmith::kernels {

// `sizes` are those of the dimensions that a tuple names.
struct TupleSizes {
  size_t count;                // of tuples
  std::vector<int64_t> sizes;  // of a tuple's dimensions
  size_t slice;                // elements of what a whole tuple names
};

// The slice that a tuple names, or -1 when it lies outside.
template <class Index>
int64_t slice_of(const TupleSizes& tuples, const Index* tuple) {
  int64_t at = 0;
  for (size_t d = 0; d < tuples.sizes.size(); ++d) {
    if (tuple[d] < 0 || tuple[d] >= tuples.sizes[d]) return -1;
    at = at * tuples.sizes[d] + tuple[d];
  }
  return at;
}

// The first tuple that lies outside, or -1 when none does and `out` holds the result.
template <class Index>
int64_t gather_tuples(const TupleSizes& tuples, size_t element_bytes, const std::byte* params,
                      const Index* indices, std::byte* out) {
  const size_t bytes = tuples.slice * element_bytes;
  for (size_t i = 0; i < tuples.count; ++i) {
    const int64_t slice = slice_of(tuples, indices + i * tuples.sizes.size());
    if (slice < 0) return static_cast<int64_t>(i);
    std::memcpy(out + i * bytes, params + static_cast<size_t>(slice) * bytes, bytes);
  }
  return -1;
}

// Adds slices to `out`; as gather_tuples. Tuples may repeat.
template <class T>
int64_t scatter_tuples(const TupleSizes& tuples, const int32_t* indices, const T* updates, T* out) {
  for (size_t i = 0; i < tuples.count; ++i) {
    const int64_t slice = slice_of(tuples, indices + i * tuples.sizes.size());
    if (slice < 0) return static_cast<int64_t>(i);
    T* to = out + static_cast<size_t>(slice) * tuples.slice;
    for (size_t k = 0; k < tuples.slice; ++k) {
      to[k] = static_cast<T>(to[k] + updates[i * tuples.slice + k]);
    }
  }
  return -1;
}

}  // namespace litesmith::kernels
