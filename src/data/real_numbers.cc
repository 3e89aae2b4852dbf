#include "data/real_numbers.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "base/half.h"

namespace litesmith {
namespace {

template <class T>
void store(std::span<std::byte> out, size_t i, T value) {
  std::memcpy(out.data() + i * sizeof(T), &value, sizeof(T));
}
template <class T>
T load(std::span<const std::byte> bytes, size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

[[noreturn]] void refuse(const Value& tensor) {
  throw Error(ErrorCode::unsupported, "tensor '" + tensor.name + "' of type " +
                                          std::string(to_string(tensor.dtype)) +
                                          " cannot be read or written as numbers");
}

template <class T>
void quantize_as(const Value& tensor, std::span<const float> values, std::span<std::byte> out) {
  const Quantization& q = tensor.quantization;
  const float scale = q.scale[0];
  const int64_t zero = q.zero_point.empty() ? 0 : q.zero_point[0];
  if (!(scale > 0) || !std::isfinite(scale) || zero < std::numeric_limits<T>::min() ||
      zero > std::numeric_limits<T>::max()) {
    throw Error(ErrorCode::format, "tensor '" + tensor.name + "' has the impossible scale " +
                                       std::to_string(scale) + " and zero point " +
                                       std::to_string(zero));
  }
  const auto zero_point = static_cast<int32_t>(zero);
  const auto low = static_cast<float>(std::numeric_limits<T>::min() - zero_point);
  const auto high = static_cast<float>(std::numeric_limits<T>::max() - zero_point);
  // Adding the number just below a half, away from zero, and cutting off rounds halves away, and is
  // a loop of vectors where std::round is a call. The bounds are integers: clamping first changes
  // nothing.
  constexpr float half = 0x1.fffffep-2f;
  for (size_t i = 0; i < values.size(); ++i) {
    const float steps = values[i] / scale;
    const float at_least = steps > low ? steps : low;
    const float bounded = at_least < high ? at_least : high;
    const auto rounded = static_cast<int32_t>(bounded + (bounded < 0 ? -half : half));
    store(out, i, static_cast<T>(rounded + zero_point));
  }
}

template <class T>
void real_as(const Value& tensor, std::span<const std::byte> bytes, std::span<float> out) {
  if (!tensor.quantization.present()) {
    for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(load<T>(bytes, i));
    return;
  }
  const Quantization& q = tensor.quantization;
  // Double holds the difference and the product exactly; one rounding is left.
  const double scale = q.scale[0];
  const auto zero_point = static_cast<double>(q.zero_point.empty() ? 0 : q.zero_point[0]);
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<float>(scale * (static_cast<double>(load<T>(bytes, i)) - zero_point));
  }
}

int32_t truncate_like_x86(float value) {
  if (!(value > -2147483904.0f && value < 0x1p31f)) return std::numeric_limits<int32_t>::min();
  return static_cast<int32_t>(value);
}

}  // namespace

bool is_quantized_integer(const Value& value) {
  return value.quantization.present() &&
         (value.dtype == DType::int8 || value.dtype == DType::uint8 || value.dtype == DType::int16);
}

void quantize_values(const Value& tensor, std::span<const float> values, std::span<std::byte> out) {
  switch (tensor.dtype) {
    case DType::int8:
      return quantize_as<int8_t>(tensor, values, out);
    case DType::uint8:
      return quantize_as<uint8_t>(tensor, values, out);
    case DType::int16:
      return quantize_as<int16_t>(tensor, values, out);
    default:
      refuse(tensor);
  }
}

void real_values(const Value& tensor, std::span<const std::byte> bytes, std::span<float> out) {
  switch (tensor.dtype) {
    case DType::float32:
      if (!out.empty()) std::memcpy(out.data(), bytes.data(), out.size_bytes());
      return;
    case DType::float16:
      for (size_t i = 0; i < out.size(); ++i) out[i] = half_to_float(load<uint16_t>(bytes, i));
      return;
    case DType::int8:
      return real_as<int8_t>(tensor, bytes, out);
    case DType::uint8:
    case DType::boolean:
      return real_as<uint8_t>(tensor, bytes, out);
    case DType::int16:
      return real_as<int16_t>(tensor, bytes, out);
    case DType::int32:
      return real_as<int32_t>(tensor, bytes, out);
    case DType::uint32:
      return real_as<uint32_t>(tensor, bytes, out);
    case DType::int64:
      return real_as<int64_t>(tensor, bytes, out);
    case DType::float64:
      return real_as<double>(tensor, bytes, out);
    default:
      refuse(tensor);
  }
}

void cast_like_numpy(DType type, std::span<const float> values, std::span<std::byte> out) {
  const auto width = static_cast<size_t>(bits(type)) / 8;
  check(width >= 1 && width <= 4, "a cast to an integer of at most 32 bits");
  for (size_t i = 0; i < values.size(); ++i) {
    const int32_t word = truncate_like_x86(values[i]);
    std::memcpy(out.data() + i * width, &word, width);  // the low bytes come first
  }
}

}  // namespace litesmith
