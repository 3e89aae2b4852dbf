// The element types of tensors (include/litesmith/dtype.h), and what the rooms ask of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "litesmith/dtype.h"

namespace litesmith {

inline constexpr int kDTypeCount = 23;

// As the schema and TensorFlow's Analyzer write it: "FLOAT32".
std::string_view schema_name(DType dtype);

// The type of a C++ element.
template <class T>
constexpr DType dtype_of();
template <>
constexpr DType dtype_of<float>() {
  return DType::float32;
}
template <>
constexpr DType dtype_of<double>() {
  return DType::float64;
}
template <>
constexpr DType dtype_of<int8_t>() {
  return DType::int8;
}
template <>
constexpr DType dtype_of<uint8_t>() {
  return DType::uint8;
}
template <>
constexpr DType dtype_of<int16_t>() {
  return DType::int16;
}
template <>
constexpr DType dtype_of<int32_t>() {
  return DType::int32;
}
template <>
constexpr DType dtype_of<int64_t>() {
  return DType::int64;
}
template <>
constexpr DType dtype_of<uint32_t>() {
  return DType::uint32;
}
template <>
constexpr DType dtype_of<uint64_t>() {
  return DType::uint64;
}
template <>
constexpr DType dtype_of<bool>() {
  return DType::boolean;
}

}  // namespace litesmith
