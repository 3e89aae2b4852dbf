// The element types of tensors, numbered as the .tflite schema's TensorType numbers them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace litesmith {

enum class DType : uint8_t {
  float32 = 0,
  float16 = 1,
  int32 = 2,
  uint8 = 3,
  int64 = 4,
  string = 5,
  boolean = 6,
  int16 = 7,
  complex64 = 8,
  int8 = 9,
  float64 = 10,
  complex128 = 11,
  uint64 = 12,
  resource = 13,
  variant = 14,
  uint32 = 15,
  uint16 = 16,
  int4 = 17,
  bfloat16 = 18,
  int2 = 19,
  uint4 = 20,
  float8_e4m3fn = 21,
  float8_e5m2 = 22,
};

// Lower case, as NumPy and Keras write it: "float32".
std::string_view to_string(DType dtype);
// From the lower-case name; nothing for an unknown one.
std::optional<DType> parse_dtype(std::string_view name);

// Bits one element takes in a buffer; 0 for types without a fixed size (string, resource, variant).
int bits(DType dtype);

}  // namespace litesmith
