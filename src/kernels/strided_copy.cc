#include "kernels/strided_copy.h"

#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace litesmith::kernels {
namespace {

struct Bytes16 {
  uint64_t low;
  uint64_t high;
};

template <class T>
void copy_line(const std::byte* in, std::byte* out, const LatticeDimension& line) {
  const auto* from = reinterpret_cast<const T*>(in);
  auto* to = reinterpret_cast<T*>(out);
  for (int64_t i = 0; i < line.count; ++i) to[i * line.stride_out] = from[i * line.stride_in];
}

using CopyLine = void (*)(const std::byte*, std::byte*, const LatticeDimension&);

CopyLine line_of(size_t element_bytes) {
  switch (element_bytes) {
    case 1:
      return copy_line<uint8_t>;
    case 2:
      return copy_line<uint16_t>;
    case 4:
      return copy_line<uint32_t>;
    case 8:
      return copy_line<uint64_t>;
    case 16:
      return copy_line<Bytes16>;
    default:
      throw Error(ErrorCode::internal, "no elements have this size");
  }
}

}  // namespace

StridedCopy::StridedCopy(size_t element_bytes, std::vector<LatticeDimension> dimensions)
    : element_bytes_(element_bytes) {
  line_of(element_bytes);
  std::vector<LatticeDimension> merged;
  for (const LatticeDimension& dimension : dimensions) {
    if (dimension.count == 0) empty_ = true;
    if (dimension.count == 1) continue;
    if (!merged.empty() && merged.back().stride_in == dimension.count * dimension.stride_in &&
        merged.back().stride_out == dimension.count * dimension.stride_out) {
      merged.back() = {merged.back().count * dimension.count, dimension.stride_in,
                       dimension.stride_out};
    } else {
      merged.push_back(dimension);
    }
  }
  if (merged.size() > kMostDimensions) {
    throw Error(ErrorCode::unsupported, "data in " + std::to_string(merged.size()) +
                                            " dimensions; at most " +
                                            std::to_string(kMostDimensions) + " are moved");
  }
  if (!merged.empty()) {
    inner_ = merged.back();
    merged.pop_back();
  }
  const auto bytes = static_cast<int64_t>(element_bytes);
  for (LatticeDimension& dimension : merged) {
    dimension.stride_in *= bytes;
    dimension.stride_out *= bytes;
  }
  outer_ = std::move(merged);
}

void StridedCopy::operator()(const std::byte* in, std::byte* out) const {
  if (empty_) return;
  const bool dense = inner_.stride_in == 1 && inner_.stride_out == 1;
  const size_t dense_bytes = static_cast<size_t>(inner_.count) * element_bytes_;
  const CopyLine copy = line_of(element_bytes_);
  std::array<int64_t, kMostDimensions> at = {};
  while (true) {
    if (dense) {
      std::memcpy(out, in, dense_bytes);
    } else {
      copy(in, out, inner_);
    }
    size_t d = outer_.size();
    while (d > 0) {
      const LatticeDimension& dimension = outer_[d - 1];
      in += dimension.stride_in;
      out += dimension.stride_out;
      if (++at[d - 1] < dimension.count) break;
      in -= dimension.count * dimension.stride_in;
      out -= dimension.count * dimension.stride_out;
      at[d - 1] = 0;
      --d;
    }
    if (d == 0) return;
  }
}

std::vector<int64_t> dense_strides(std::span<const int32_t> shape) {
  std::vector<int64_t> strides(shape.size(), 1);
  for (size_t d = shape.size(); d > 1; --d) strides[d - 2] = strides[d - 1] * shape[d - 1];
  return strides;
}

}  // namespace litesmith::kernels
