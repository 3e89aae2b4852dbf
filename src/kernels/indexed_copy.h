// Blocks moved by a table of where they come from, for each dimension: mirrored borders and nearest
// neighbours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace litesmith::kernels {

class IndexedCopy {
 public:
  // The block at (i, j, ...) of the output is the one at (table[0][i], table[1][j], ...) of an
  // input of this shape; each is `block_bytes` long. Throws Error(unsupported) for more than
  // kMostDimensions, Error(internal) for an index outside the input.
  IndexedCopy(size_t block_bytes, const std::vector<int32_t>& input_shape,
              const std::vector<std::vector<int32_t>>& tables);

  void operator()(const std::byte* in, std::byte* out) const;

  static constexpr size_t kMostDimensions = 16;

 private:
  size_t block_bytes_;
  bool empty_ = false;
  std::vector<std::vector<size_t>> offsets_;  // bytes, by dimension and output index
};

// The input position that nearest-neighbour resizing takes for each output position, in LiteRT's
// float arithmetic (reference/resize_nearest_neighbor.h, GetNearestNeighbor).
std::vector<int32_t> nearest_positions(int32_t input, int32_t output, bool align_corners,
                                       bool half_pixel_centers);

// The input position of each position of a dimension padded by mirroring, the border included
// (symmetric) or not (reflect).
std::vector<int32_t> mirrored_positions(int32_t input, int32_t before, int32_t after,
                                        bool border_included);

}  // namespace litesmith::kernels
