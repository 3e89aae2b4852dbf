#include <algorithm>

#include "api/state.h"
#include "data/feed.h"
#include "litesmith/array.h"

namespace litesmith::api {
namespace {

NpyArray to_npy(const Array& array) {
  NpyArray result;
  result.dtype = array.dtype;
  result.shape = array.shape;
  result.data = {array.bytes, array.owner};
  if (array.dtype == DType::string) {
    result.text_width = array.bytes.size() / std::max(result.element_count(), size_t{1});
  }
  const size_t wanted = result.element_count() * result.element_bytes();
  if (wanted != array.bytes.size()) {
    throw Error(ErrorCode::usage, "an array of shape " + shape_text(array.shape) + " and type " +
                                      std::string(to_string(array.dtype)) + " takes " +
                                      std::to_string(wanted) + " bytes, not " +
                                      std::to_string(array.bytes.size()));
  }
  return result;
}

}  // namespace

Array make_array(std::string name, DType dtype, std::vector<int64_t> shape,
                 std::span<const std::byte> bytes) {
  SharedBytes copy = SharedBytes::take({bytes.begin(), bytes.end()});
  return {std::move(name), dtype, std::move(shape), copy.bytes, std::move(copy.owner)};
}

Dataset to_dataset(const Samples& samples) {
  if (!samples.in_memory()) return Dataset::open(samples.path());
  if (samples.arrays().empty()) return Dataset::of_nothing();
  std::vector<NamedArray> arrays;
  for (const Array& array : samples.arrays()) arrays.push_back({array.name, to_npy(array)});
  return Dataset::of(std::move(arrays), samples.name());
}

Dataset to_finite_dataset(const Samples& samples) {
  Dataset data = to_dataset(samples);
  check_finite(data);
  return data;
}

Labels to_labels(const Samples& samples) {
  if (!samples.in_memory()) return read_labels(samples.path());
  if (samples.arrays().size() != 1) {
    throw Error(ErrorCode::usage,
                "labels are one array, not " + std::to_string(samples.arrays().size()));
  }
  return labels_of(to_npy(samples.arrays()[0]), samples.name());
}

}  // namespace litesmith::api
