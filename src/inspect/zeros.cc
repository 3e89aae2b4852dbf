#include "inspect/zeros.h"

#include <algorithm>

namespace litesmith {
namespace {

template <class T>
int64_t count_equal(const Value& value, int64_t wanted) {
  const auto elements = value.elements<T>();
  return std::count_if(elements.begin(), elements.end(),
                       [&](T element) { return static_cast<int64_t>(element) == wanted; });
}

// Bit patterns without their sign: minus zero is zero.
template <class Bits>
int64_t count_without_sign(const Value& value) {
  constexpr Bits kMagnitude = static_cast<Bits>(~Bits{0}) >> 1;
  const auto elements = value.elements<Bits>();
  return std::count_if(elements.begin(), elements.end(),
                       [](Bits element) { return (element & kMagnitude) == 0; });
}

// Several elements a byte, the lowest bits first.
int64_t count_packed(const Value& value, int element_bits, int64_t wanted) {
  const auto bytes = value.elements<uint8_t>();
  const auto count = static_cast<size_t>(element_count(value.shape));
  const auto a_byte = static_cast<size_t>(8 / element_bits);
  const unsigned mask = (1u << element_bits) - 1;
  int64_t zeros = 0;
  for (size_t i = 0; i < count && i / a_byte < bytes.size(); ++i) {
    const unsigned shift = static_cast<unsigned>(i % a_byte) * static_cast<unsigned>(element_bits);
    const unsigned element = (static_cast<unsigned>(bytes[i / a_byte]) >> shift) & mask;
    if (element == (static_cast<unsigned>(wanted) & mask)) ++zeros;
  }
  return zeros;
}

}  // namespace

int64_t count_zeros(const Value& value) {
  if (!value.is_constant()) return 0;
  const auto& zero_points = value.quantization.zero_point;
  const int64_t zero = zero_points.empty() ? 0 : zero_points[0];
  switch (value.dtype) {
    case DType::float32:
      return count_without_sign<uint32_t>(value);
    case DType::float16:
    case DType::bfloat16:
      return count_without_sign<uint16_t>(value);
    case DType::float64:
      return count_without_sign<uint64_t>(value);
    case DType::int8:
      return count_equal<int8_t>(value, zero);
    case DType::uint8:
      return count_equal<uint8_t>(value, zero);
    case DType::int16:
      return count_equal<int16_t>(value, zero);
    case DType::int32:
      return count_equal<int32_t>(value, zero);
    case DType::int64:
      return count_equal<int64_t>(value, zero);
    case DType::int4:
    case DType::uint4:
      return count_packed(value, 4, zero);
    case DType::int2:
      return count_packed(value, 2, zero);
    default:
      return 0;
  }
}

}  // namespace litesmith
