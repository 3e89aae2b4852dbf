#include "ir/transpose.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace litesmith {
namespace {

// A dimension of the result: its size, and how far apart its elements lie in the source, in
// elements.
struct Dimension {
  size_t size;
  size_t stride;
};

// Those of the result, without dimensions of one element, and with neighbours in the source that
// stay neighbours made one: of a kernel from HWIO to OHWI remain O and HWI.
std::vector<Dimension> result_dimensions(const Shape& shape, std::span<const int32_t> permutation) {
  std::vector<size_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;) {
    strides[i - 1] = strides[i] * static_cast<size_t>(shape[i]);
  }
  std::vector<Dimension> result;
  for (const int32_t dim : permutation) {
    const auto from = static_cast<size_t>(dim);
    const Dimension next{static_cast<size_t>(shape.at(from)), strides[from]};
    if (next.size == 1) continue;
    if (!result.empty() && result.back().stride == next.size * next.stride) {
      result.back() = {result.back().size * next.size, next.stride};
    } else {
      result.push_back(next);
    }
  }
  return result;
}

// `count` elements of T that lie `stride` apart.
template <class T>
void gather(const std::byte* from, size_t stride, size_t count, std::byte* out) {
  for (size_t i = 0; i < count; ++i) {
    std::memcpy(out + i * sizeof(T), from + i * stride * sizeof(T), sizeof(T));
  }
}

// `rows` rows of the result, each `size` elements that lie `stride` apart, one element beside the
// other. By blocks, so that what is fetched with an element is used while it is near.
template <class T>
void turn(const std::byte* from, size_t stride, size_t rows, size_t size, std::byte* out) {
  constexpr size_t kBlock = 16;
  for (size_t i = 0; i < size; i += kBlock) {
    const size_t i_end = std::min(i + kBlock, size);
    for (size_t row = 0; row < rows; row += kBlock) {
      const size_t row_end = std::min(row + kBlock, rows);
      for (size_t r = row; r < row_end; ++r) {
        gather<T>(from + (i * stride + r) * sizeof(T), stride, i_end - i,
                  out + (r * size + i) * sizeof(T));
      }
    }
  }
}

class Transposed : public Recipe {
 public:
  // At least two dimensions.
  Transposed(Buffer source, size_t element, std::vector<Dimension> dimensions,
             float largest_magnitude)
      : Recipe(source.size(), source.recipe() == nullptr ? 0 : source.recipe()->depth()),
        source_(std::move(source)),
        element_(element),
        dimensions_(std::move(dimensions)),
        largest_magnitude_(largest_magnitude) {
    if (source_.recipe() != nullptr) from_ = source_.recipe()->lies_at();
    if (!from_) from_ = source_.bytes();
  }

  void make(size_t first, std::span<std::byte> out) const override {
    switch (element_) {
      case 1:
        return make_elements<uint8_t>(first, out);
      case 2:
        return make_elements<uint16_t>(first, out);
      case 4:
        return make_elements<uint32_t>(first, out);
      default:
        return make_elements<uint64_t>(first, out);
    }
  }
  void let_go() const override { source_.let_go(); }
  float largest_magnitude() const override { return largest_magnitude_; }

 private:
  template <class T>
  void make_elements(size_t first, std::span<std::byte> out) const {
    const auto [size, stride] = dimensions_.back();
    const Dimension& by_row = dimensions_[dimensions_.size() - 2];
    size_t position = first / sizeof(T);
    for (size_t left = out.size() / sizeof(T); left > 0;) {
      const size_t row = position / size;
      const size_t at = position % size;
      const std::byte* from = from_->data() + (row_offset(row) + at * stride) * sizeof(T);
      std::byte* to = out.data() + out.size() - left * sizeof(T);
      size_t count = std::min(left, size - at);
      if (count == size && by_row.stride == 1) {
        const size_t rows = std::min(left / size, by_row.size - row % by_row.size);
        turn<T>(from, stride, rows, size, to);
        count = rows * size;
      } else {
        gather<T>(from, stride, count, to);
      }
      position += count;
      left -= count;
    }
  }

  // Where a row of the result, along its last dimension, begins in the source.
  size_t row_offset(size_t row) const {
    size_t offset = 0;
    for (size_t i = dimensions_.size() - 1; i-- > 0;) {
      offset += row % dimensions_[i].size * dimensions_[i].stride;
      row /= dimensions_[i].size;
    }
    return offset;
  }

  Buffer source_;
  size_t element_;
  std::vector<Dimension> dimensions_;
  std::optional<std::span<const std::byte>> from_;
  float largest_magnitude_;
};

}  // namespace

Buffer transposed(const Buffer& data, size_t element, const Shape& shape,
                  std::span<const int32_t> permutation, float largest_magnitude) {
  check(permutation.size() == shape.size(), "a permutation of another rank");
  check(element == 1 || element == 2 || element == 4 || element == 8, "elements of another size");
  std::vector<Dimension> dimensions = result_dimensions(shape, permutation);
  if (dimensions.size() < 2 || data.empty()) return data;
  return Buffer::made(
      std::make_shared<const Transposed>(data, element, std::move(dimensions), largest_magnitude));
}

}  // namespace litesmith
