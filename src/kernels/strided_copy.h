// Elements moved from one regular lattice to another: slices, transpositions, broadcasts, the parts
// of splits and concatenations are all this copy with other strides.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace litesmith::kernels {

// One dimension of a lattice: how many elements, and how far apart, in elements, on each side.
struct LatticeDimension {
  int64_t count;
  int64_t stride_in;  // 0 repeats an element, negative runs backwards
  int64_t stride_out;
};

// A copy made ready: dimensions that run on from each other are one, and those of one element are
// none, so that a copy of consecutive bytes is found out and made by memcpy.
class StridedCopy {
 public:
  // Dimensions outermost first; elements of 1, 2, 4, 8 or 16 bytes. Throws Error(unsupported) when
  // more than kMostDimensions are left.
  StridedCopy(size_t element_bytes, std::vector<LatticeDimension> dimensions);

  void operator()(const std::byte* in, std::byte* out) const;

  static constexpr size_t kMostDimensions = 16;

 private:
  size_t element_bytes_;
  bool empty_ = false;
  std::vector<LatticeDimension> outer_;  // strides in bytes
  LatticeDimension inner_ = {1, 1, 1};   // strides in elements
};

// How far apart neighbours along each dimension of a dense tensor lie, in elements.
std::vector<int64_t> dense_strides(std::span<const int32_t> shape);

}  // namespace litesmith::kernels
