#include "formats/onnx/order.h"

#include <algorithm>
#include <numeric>

namespace litesmith::onnx {

Order plain_order(size_t rank) {
  Order result(rank);
  std::iota(result.begin(), result.end(), 0);
  return result;
}

Order channels_last(size_t rank) {
  Order result = plain_order(rank);
  if (rank > 2) std::rotate(result.begin() + 1, result.begin() + 2, result.end());
  return result;
}

bool is_plain(const Order& order) { return std::is_sorted(order.begin(), order.end()); }

Shape stored_shape(const Shape& shape, const Order& order) {
  Shape result;
  for (const int32_t dim : order) result.push_back(shape[static_cast<size_t>(dim)]);
  return result;
}

int32_t stored_axis(const Order& order, int32_t axis) {
  return static_cast<int32_t>(std::find(order.begin(), order.end(), axis) - order.begin());
}

Order without(const Order& order, const std::vector<bool>& removed) {
  Order result;
  for (const int32_t dim : order) {
    if (removed[static_cast<size_t>(dim)]) continue;
    const auto before = std::count(removed.begin(), removed.begin() + dim, true);
    result.push_back(dim - static_cast<int32_t>(before));
  }
  return result;
}

std::vector<int32_t> permutation(const Order& from, const Order& to) {
  std::vector<int32_t> result;
  for (const int32_t dim : to) result.push_back(stored_axis(from, dim));
  return result;
}

bool keeps_bytes(const Shape& shape, std::span<const int32_t> permutation) {
  int32_t last = -1;
  for (const int32_t dim : permutation) {
    if (shape[static_cast<size_t>(dim)] == 1) continue;
    if (dim < last) return false;
    last = dim;
  }
  return true;
}

}  // namespace litesmith::onnx
