#include "ir/shape.h"

#include <algorithm>

#include "base/error.h"

namespace litesmith {

bool is_static(const Shape& shape) {
  return std::all_of(shape.begin(), shape.end(), [](int32_t dim) { return dim >= 0; });
}

int64_t element_count(const Shape& shape) {
  const bool is_empty = std::find(shape.begin(), shape.end(), 0) != shape.end();
  int64_t count = 1;
  for (const int32_t dim : shape) {
    if (dim < 0 || (!is_empty && __builtin_mul_overflow(count, int64_t{dim}, &count))) {
      throw Error(ErrorCode::data, "shape " + to_string(shape) + " has no countable elements");
    }
  }
  return is_empty ? 0 : count;
}

Shape with_dynamic_as(const Shape& shape, int32_t value) {
  Shape result = shape;
  std::replace_if(
      result.begin(), result.end(), [](int32_t dim) { return dim < 0; }, value);
  return result;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += shape[i] < 0 ? "?" : std::to_string(shape[i]);
  }
  return text + "]";
}

Shape broadcast(const Shape& a, const Shape& b) {
  const size_t rank = std::max(a.size(), b.size());
  Shape result(rank);
  for (size_t i = 0; i < rank; ++i) {
    const int32_t x = i + a.size() < rank ? 1 : a[i + a.size() - rank];
    const int32_t y = i + b.size() < rank ? 1 : b[i + b.size() - rank];
    if (x == y || y == 1) {
      result[i] = x;
    } else if (x == 1) {
      result[i] = y;
    } else if (x == kDynamic || y == kDynamic) {
      result[i] = std::max(x, y);
    } else {
      throw Error(ErrorCode::data, "shapes " + to_string(a) + " and " + to_string(b) +
                                       " cannot be broadcast together");
    }
  }
  return result;
}

int normalize_axis(int axis, size_t rank) {
  const int n = static_cast<int>(rank);
  if (axis < -n || axis >= n) {
    throw Error(ErrorCode::data,
                "axis " + std::to_string(axis) + " is outside rank " + std::to_string(n));
  }
  return axis < 0 ? axis + n : axis;
}

}  // namespace litesmith
