#include "ir/narrow_integers.h"

#include "base/half.h"
#include "ir/graph.h"

namespace litesmith {

std::vector<int8_t> unpacked_integers(const Value& value) {
  const int width = bits(value.dtype);
  check(value.dtype == DType::int2 || value.dtype == DType::int4, "integers of two or four bits");
  const auto count = static_cast<size_t>(element_count(value.shape));
  const auto in_a_byte = static_cast<size_t>(8 / width);
  const auto bytes = value.elements<uint8_t>();
  check(bytes.size() == (count + in_a_byte - 1) / in_a_byte, "a constant's size");
  std::vector<int8_t> result(count);
  for (size_t i = 0; i < count; ++i) {
    result[i] = narrow_integer(bytes[i / in_a_byte], static_cast<int>(i % in_a_byte), width);
  }
  return result;
}

std::vector<float> block_scales(const Value& value) {
  check(value.block_scales.has_value(), "scales by blocks");
  std::vector<float> result;
  for (const uint16_t half : value.block_scales->scale.as<uint16_t>()) {
    result.push_back(half_to_float(half));
  }
  return result;
}

std::vector<float> real_elements(const Value& value) {
  const std::vector<int8_t> codes = unpacked_integers(value);
  std::vector<float> scales = value.quantization.scale;
  std::vector<int64_t> zero_points = value.quantization.zero_point;
  size_t size = codes.size();  // elements of a scale, one after the other
  if (value.block_scales) {
    scales = block_scales(value);
    size = static_cast<size_t>(value.block_scales->size);
  } else if (value.quantization.per_channel()) {
    const auto behind = value.shape.begin() + value.quantization.dimension + 1;
    size = static_cast<size_t>(element_count(Shape(behind, value.shape.end())));
  }
  check(!scales.empty(), "scales");
  zero_points.resize(scales.size());
  std::vector<float> result(codes.size());
  for (size_t i = 0; i < codes.size(); ++i) {
    const size_t at = i / size % scales.size();
    result[i] = scales[at] * static_cast<float>(codes[i] - zero_points[at]);
  }
  return result;
}

}  // namespace litesmith
