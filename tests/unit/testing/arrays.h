// NumPy arrays in memory, for tests.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "formats/npy/npz.h"

namespace litesmith {

template <class T>
NpyArray array_of(std::vector<int64_t> shape, const std::vector<T>& elements) {
  auto owner = std::make_shared<const std::vector<T>>(elements);
  NpyArray array;
  array.dtype = dtype_of<T>();
  array.shape = std::move(shape);
  array.data = {std::as_bytes(std::span<const T>(*owner)), owner};
  return array;
}

}  // namespace litesmith
