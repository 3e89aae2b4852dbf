#include "inspect/weight_statistics.h"

#include <algorithm>
#include <cmath>

#include "base/half.h"
#include "ir/narrow_integers.h"

namespace litesmith {
namespace {

template <class T, class Convert>
std::vector<double> convert(const Value& value, const Convert& to_double) {
  const auto elements = value.elements<T>();
  std::vector<double> numbers;
  numbers.reserve(elements.size());
  for (const T& element : elements) numbers.push_back(to_double(element));
  return numbers;
}

template <class T>
std::vector<double> plain(const Value& value) {
  return convert<T>(value, [](T element) { return static_cast<double>(element); });
}

// Two 4-bit integers a byte, the low half first.
std::vector<double> nibbles(const Value& value) {
  const auto bytes = value.elements<uint8_t>();
  const auto count = static_cast<size_t>(element_count(value.shape));
  std::vector<double> numbers;
  for (size_t i = 0; i < count && i / 2 < bytes.size(); ++i) {
    numbers.push_back(narrow_integer(bytes[i / 2], static_cast<int>(i % 2), 4));
  }
  return numbers;
}

std::vector<double> numbers_of(const Value& value) {
  switch (value.dtype) {
    case DType::float32:
      return plain<float>(value);
    case DType::float64:
      return plain<double>(value);
    case DType::float16:
      return convert<uint16_t>(value, [](uint16_t half) { return double{half_to_float(half)}; });
    case DType::int8:
      return plain<int8_t>(value);
    case DType::uint8:
    case DType::boolean:
      return plain<uint8_t>(value);
    case DType::int16:
      return plain<int16_t>(value);
    case DType::uint16:
      return plain<uint16_t>(value);
    case DType::int32:
      return plain<int32_t>(value);
    case DType::uint32:
      return plain<uint32_t>(value);
    case DType::int64:
      return plain<int64_t>(value);
    case DType::int4:
      return nibbles(value);
    default:
      return {};
  }
}

}  // namespace

std::optional<WeightStatistics> weight_statistics(const Value& value) {
  if (!value.is_constant()) return std::nullopt;
  std::vector<double> numbers = numbers_of(value);
  if (numbers.empty()) return std::nullopt;
  WeightStatistics result;
  result.elements = numbers.size();
  numbers.erase(std::remove_if(numbers.begin(), numbers.end(),
                               [](double number) { return !std::isfinite(number); }),
                numbers.end());
  result.not_finite = result.elements - numbers.size();
  if (numbers.empty()) return result;
  std::sort(numbers.begin(), numbers.end());
  result.min = numbers.front();
  result.max = numbers.back();
  result.zeros = static_cast<size_t>(std::count(numbers.begin(), numbers.end(), 0.0));
  const double width = result.max - result.min;
  result.histogram.assign(width > 0 ? kHistogramBins : 1, 0);
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (i == 0 || numbers[i] != numbers[i - 1]) ++result.unique;
    const double place = width > 0 ? (numbers[i] - result.min) / width * kHistogramBins : 0;
    ++result.histogram[std::min(static_cast<size_t>(place), result.histogram.size() - 1)];
  }
  return result;
}

}  // namespace litesmith
