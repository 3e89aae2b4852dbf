#include "formats/keras/weights.h"

#include <bit>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/half.h"
#include "ir/transpose.h"

namespace litesmith::keras {
namespace {

// Elements of T, wherever they lie, each made a float by `convert`.
template <class T, class Convert>
Buffer converted(std::span<const std::byte> bytes, Convert&& convert) {
  std::vector<float> result(bytes.size() / sizeof(T));
  for (size_t i = 0; i < result.size(); ++i) {
    T element;
    std::memcpy(&element, bytes.data() + i * sizeof(T), sizeof(T));
    result[i] = convert(element);
  }
  return Buffer::take(std::move(result));
}

}  // namespace

WeightArray to_weight_array(const hdf5::Dataset& dataset) {
  const hdf5::Array& array = dataset.array();
  WeightArray result;
  for (const uint64_t dim : array.shape) {
    if (dim == 0 || dim > INT32_MAX) {
      throw Error(ErrorCode::format, "'" + dataset.path() + "' has a dimension of " +
                                         std::to_string(dim) + " elements");
    }
    result.shape.push_back(static_cast<int32_t>(dim));
  }
  using Kind = hdf5::Datatype::Kind;
  if (array.type.kind == Kind::floating && array.type.size == 4) {
    result.elements = Buffer::view(dataset.shared_bytes());
  } else if (array.type.kind == Kind::floating && array.type.size == 2) {
    result.elements = converted<uint16_t>(array.bytes, half_to_float);
  } else if (array.type.kind == Kind::floating && array.type.size == 8) {
    result.elements =
        converted<double>(array.bytes, [](double value) { return static_cast<float>(value); });
  } else if (array.type.kind == Kind::opaque && array.type.size == 2 &&
             dataset.string("dtype") == "bfloat16") {
    result.elements = converted<uint16_t>(array.bytes, bfloat16_to_float);
  } else {
    throw Error(ErrorCode::unsupported,
                "'" + dataset.path() +
                    "' holds no floating-point numbers; a model quantized by Keras is not "
                    "supported, start from the float one");
  }
  return result;
}

WeightArray transposed(const WeightArray& array, const std::vector<int32_t>& permutation) {
  Shape shape;
  for (const int32_t dim : permutation) shape.push_back(array.shape.at(static_cast<size_t>(dim)));
  Buffer elements = litesmith::transposed(array.elements, sizeof(float), array.shape, permutation,
                                          array.largest_magnitude);
  return {std::move(shape), std::move(elements), array.largest_magnitude};
}

std::optional<std::vector<std::string>> split_strings(const hdf5::Object& object,
                                                      const std::string& name) {
  if (auto whole = object.strings(name)) return whole;
  std::optional<std::vector<std::string>> result;
  for (int part = 0;; ++part) {
    const auto strings = object.strings(name + std::to_string(part));
    if (!strings) return result;
    if (!result) result.emplace();
    result->insert(result->end(), strings->begin(), strings->end());
  }
}

}  // namespace litesmith::keras
