// Elements of one tensor or another, as a third one says: SELECT.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace litesmith::kernels {

// One dimension of the output, and how far apart its neighbours lie in each operand; 0 repeats.
struct SelectDimension {
  int64_t count;
  int64_t condition;
  int64_t first;
  int64_t second;
};

// Dimensions outermost first, strides in elements of `bytes` bytes.
inline void select(const std::vector<SelectDimension>& dimensions, size_t depth, size_t bytes,
                   const uint8_t* condition, const std::byte* first, const std::byte* second,
                   std::byte*& out) {
  if (depth == dimensions.size()) {
    std::memcpy(out, *condition != 0 ? first : second, bytes);
    out += bytes;
    return;
  }
  const SelectDimension& d = dimensions[depth];
  const auto width = static_cast<int64_t>(bytes);
  for (int64_t i = 0; i < d.count; ++i) {
    select(dimensions, depth + 1, bytes, condition + i * d.condition, first + i * d.first * width,
           second + i * d.second * width, out);
  }
}

}  // namespace litesmith::kernels
