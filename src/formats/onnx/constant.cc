#include "formats/onnx/constant.h"

#include <charconv>
#include <limits>

#include "base/error.h"
#include "base/half.h"

namespace litesmith::onnx {
namespace {

constexpr int32_t kFloat = 1;
constexpr int32_t kFloat16 = 10;
constexpr int32_t kDouble = 11;
constexpr int32_t kBfloat16 = 16;

uint64_t number_in(const TensorData& tensor, const std::string& key, uint64_t otherwise) {
  const auto found = tensor.location.find(key);
  if (found == tensor.location.end() || found->second.empty()) return otherwise;
  const std::string& text = found->second;
  uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorCode::format, "its external data have the " + key + " '" + text + "'");
  }
  return value;
}

// Bytes as the file stores them, of types that are narrowed or widened to float32.
Buffer to_floats(int32_t type, const Buffer& stored) {
  std::vector<float> result;
  if (type == kDouble) {
    for (const double value : stored.as<double>()) {
      result.push_back(static_cast<float>(value));
    }
  } else {
    for (const uint16_t value : stored.as<uint16_t>()) {
      result.push_back(type == kFloat16 ? half_to_float(value) : bfloat16_to_float(value));
    }
  }
  return Buffer::of(result);
}

template <class T>
Buffer narrowed(const std::vector<int64_t>& integers) {
  std::vector<T> result;
  result.reserve(integers.size());
  for (const int64_t value : integers) {
    if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) {
      throw Error(ErrorCode::format,
                  "it holds " + std::to_string(value) + ", which its type cannot hold");
    }
    result.push_back(static_cast<T>(value));
  }
  return Buffer::of(result);
}

// A byte each, 0 or 1.
template <class T>
Buffer booleans(std::span<const T> stored) {
  std::vector<uint8_t> result;
  result.reserve(stored.size());
  for (const T value : stored) result.push_back(value != 0);
  return Buffer::of(result);
}

// Elements that the file spells as repeated numbers.
Buffer spelled_out(const TensorData& tensor, DType dtype) {
  switch (tensor.type) {
    case kFloat:
      return Buffer::of(tensor.floats);
    case kDouble: {
      std::vector<float> result(tensor.doubles.begin(), tensor.doubles.end());
      return Buffer::of(result);
    }
    case kFloat16:
    case kBfloat16:
      return to_floats(tensor.type, narrowed<uint16_t>(tensor.integers));
    default:
      break;
  }
  switch (dtype) {
    case DType::uint8:
      return narrowed<uint8_t>(tensor.integers);
    case DType::int8:
      return narrowed<int8_t>(tensor.integers);
    case DType::int16:
      return narrowed<int16_t>(tensor.integers);
    case DType::int32:
      return narrowed<int32_t>(tensor.integers);
    case DType::boolean:
      return booleans<int64_t>(tensor.integers);
    default:
      return Buffer::of(tensor.integers);
  }
}

}  // namespace

SharedBytes ConstantReader::external(const TensorData& tensor) {
  const auto named = tensor.location.find("location");
  if (named == tensor.location.end() || named->second.empty()) {
    throw Error(ErrorCode::format, "its external data have no location");
  }
  const std::filesystem::path relative(named->second);
  bool inside = !relative.is_absolute() && !relative.empty();
  for (const auto& part : relative) inside &= part != "..";
  if (!inside) {
    throw Error(ErrorCode::format, "its external data are in '" + named->second +
                                       "', outside the model's folder: put the file beside the "
                                       "model and save it with that name");
  }
  if (!folder_) {
    throw Error(ErrorCode::unsupported, "its external data are in '" + named->second +
                                            "', but the model was not read from a file");
  }
  auto& file = files_[named->second];
  if (!file.owner) {
    std::filesystem::path path = *folder_;
    std::error_code ignored;
    for (const auto& part : relative) {
      path /= part;
      if (std::filesystem::is_symlink(path, ignored)) {
        throw Error(ErrorCode::format, "its external data lie behind the symbolic link '" +
                                           path.string() + "': put the file itself there");
      }
    }
    file = SharedBytes::map(path);
  }
  const uint64_t offset = number_in(tensor, "offset", 0);
  if (offset > file.size()) {
    throw Error(ErrorCode::format,
                "its external data begin beyond the end of '" + named->second + "'");
  }
  const uint64_t length = number_in(tensor, "length", file.size() - offset);
  if (length > file.size() - offset) {
    throw Error(ErrorCode::format,
                "its external data reach beyond the end of '" + named->second + "'");
  }
  return file.part(file.bytes.subspan(offset, length));
}

Constant ConstantReader::read(const TensorData& tensor) {
  const auto dtype = to_dtype(tensor.type);
  if (!dtype) {
    throw Error(ErrorCode::unsupported,
                "tensors of " + type_name(tensor.type) + " are not supported");
  }
  Constant result{.dtype = *dtype, .shape = {}, .data = {}};
  for (const int64_t dim : tensor.dims) {
    if (dim < 0 || dim > INT32_MAX) {
      throw Error(ErrorCode::format, "it has a dimension of " + std::to_string(dim));
    }
    result.shape.push_back(static_cast<int32_t>(dim));
  }
  const int64_t count = element_count(result.shape);
  const bool stored = tensor.external || tensor.raw;
  if (tensor.external) {
    result.data = Buffer::view(external(tensor));
  } else if (tensor.raw) {
    result.data = Buffer::view(file_.part(*tensor.raw));
  } else {
    result.data = spelled_out(tensor, *dtype);
  }
  if (stored && (tensor.type == kFloat16 || tensor.type == kDouble || tensor.type == kBfloat16)) {
    result.data = to_floats(tensor.type, result.data);
  }
  if (stored && *dtype == DType::boolean) result.data = booleans(result.data.as<uint8_t>());
  const int64_t size = bits(*dtype) / 8;
  if (count > static_cast<int64_t>(result.data.size()) / size ||
      count * size != static_cast<int64_t>(result.data.size())) {
    throw Error(ErrorCode::format,
                "it holds " + std::to_string(result.data.size() / static_cast<size_t>(size)) +
                    " elements, not the " + std::to_string(count) + " of " +
                    to_string(result.shape));
  }
  return result;
}

}  // namespace litesmith::onnx
