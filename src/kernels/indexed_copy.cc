#include "kernels/indexed_copy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "base/error.h"

namespace litesmith::kernels {

IndexedCopy::IndexedCopy(size_t block_bytes, const std::vector<int32_t>& input_shape,
                         const std::vector<std::vector<int32_t>>& tables)
    : block_bytes_(block_bytes) {
  check(tables.size() == input_shape.size(), "a table for each dimension");
  size_t stride = block_bytes;
  for (size_t d = tables.size(); d > 0; --d) {
    std::vector<size_t> offsets;
    for (const int32_t index : tables[d - 1]) {
      check(index >= 0 && index < input_shape[d - 1], "an index outside the tensor");
      offsets.push_back(static_cast<size_t>(index) * stride);
    }
    stride *= static_cast<size_t>(input_shape[d - 1]);
    empty_ = empty_ || offsets.empty();
    // Inner dimensions that are taken whole make longer blocks.
    bool whole = offsets_.empty() && offsets.size() == static_cast<size_t>(input_shape[d - 1]);
    for (size_t i = 0; whole && i < offsets.size(); ++i) whole = offsets[i] == i * block_bytes_;
    if (whole) {
      block_bytes_ *= offsets.size();
    } else {
      offsets_.insert(offsets_.begin(), std::move(offsets));
    }
  }
  if (offsets_.size() > kMostDimensions) {
    throw Error(ErrorCode::unsupported, "a tensor of too many dimensions");
  }
}

void IndexedCopy::operator()(const std::byte* in, std::byte* out) const {
  if (empty_) return;
  if (offsets_.empty()) {
    std::memcpy(out, in, block_bytes_);
    return;
  }
  const std::vector<size_t>& inner = offsets_.back();
  const size_t outer = offsets_.size() - 1;
  std::array<size_t, kMostDimensions> at = {};
  while (true) {
    const std::byte* from = in;
    for (size_t d = 0; d < outer; ++d) from += offsets_[d][at[d]];
    for (const size_t offset : inner) {
      std::memcpy(out, from + offset, block_bytes_);
      out += block_bytes_;
    }
    size_t d = outer;
    while (d > 0) {
      if (++at[d - 1] < offsets_[d - 1].size()) break;
      at[d - 1] = 0;
      --d;
    }
    if (d == 0) return;
  }
}

std::vector<int32_t> nearest_positions(int32_t input, int32_t output, bool align_corners,
                                       bool half_pixel_centers) {
  const float scale = align_corners && output > 1
                          ? static_cast<float>(input - 1) / static_cast<float>(output - 1)
                          : static_cast<float>(input) / static_cast<float>(output);
  const float offset = half_pixel_centers ? 0.5f : 0.0f;
  std::vector<int32_t> positions;
  for (int32_t i = 0; i < output; ++i) {
    const float place = (static_cast<float>(i) + offset) * scale;
    const auto nearest =
        static_cast<int32_t>(align_corners ? std::round(place) : std::floor(place));
    positions.push_back(std::clamp(nearest, 0, input - 1));
  }
  return positions;
}

std::vector<int32_t> mirrored_positions(int32_t input, int32_t before, int32_t after,
                                        bool border_included) {
  const int32_t border = border_included ? 0 : 1;
  std::vector<int32_t> positions;
  for (int32_t i = before; i > 0; --i) positions.push_back(i - 1 + border);
  for (int32_t i = 0; i < input; ++i) positions.push_back(i);
  for (int32_t i = 0; i < after; ++i) positions.push_back(input - 1 - border - i);
  return positions;
}

}  // namespace litesmith::kernels
