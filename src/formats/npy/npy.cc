#include "formats/npy/npy.h"

#include <array>
#include <charconv>

#include "base/byte_cursor.h"
#include "base/checked.h"
#include "base/error.h"
#include "formats/npy/header.h"

namespace litesmith {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

struct TypeName {
  std::string_view name;  // without the byte order
  DType dtype;
};
constexpr std::array kTypes = {
    TypeName{"f2", DType::float16}, TypeName{"f4", DType::float32}, TypeName{"f8", DType::float64},
    TypeName{"i1", DType::int8},    TypeName{"i2", DType::int16},   TypeName{"i4", DType::int32},
    TypeName{"i8", DType::int64},   TypeName{"u1", DType::uint8},   TypeName{"u2", DType::uint16},
    TypeName{"u4", DType::uint32},  TypeName{"u8", DType::uint64},  TypeName{"b1", DType::boolean},
};

struct OtherKind {
  char kind;
  std::string_view what;
  std::string_view advice;
};
constexpr std::array kOtherKinds = {
    OtherKind{'O', "pickled Python objects", "save plain numbers: np.save(path, x.astype('f4'))"},
    OtherKind{'c', "complex numbers", "save real and imaginary parts as float32"},
    OtherKind{'M', "dates", "save them as numbers"},
    OtherKind{'m', "time differences", "save them as numbers"},
    OtherKind{'V', "raw records", "save a plain float or integer array"},
    OtherKind{'f', "floats of unusual width", "save them as float32"},
};

[[noreturn]] void refuse_type(const NpyHeader& header) {
  if (header.structured) {
    throw Error(ErrorCode::unsupported,
                "the array holds records (" + header.descr +
                    "), not plain numbers; save one field as an array of its own");
  }
  const char kind = header.descr.size() > 1 ? header.descr[1] : '\0';
  for (const OtherKind& other : kOtherKinds) {
    if (other.kind != kind) continue;
    throw Error(ErrorCode::unsupported, "the array holds " + std::string(other.what) + " (type '" +
                                            header.descr + "'), not plain numbers; " +
                                            std::string(other.advice));
  }
  throw Error(ErrorCode::unsupported, "the array is of the unknown type '" + header.descr + "'");
}

// Text of a fixed width: "S5", five bytes an element; "U5", five code points of four bytes. False
// for another type.
bool parse_text_type(std::string_view name, NpyArray& array) {
  if (name.empty() || (name[0] != 'S' && name[0] != 'U')) return false;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + 1, end, array.text_width);
  // Elements of no bytes would let a small file claim any number of samples.
  if (error != std::errc() || stop != end || array.text_width == 0) return false;
  array.dtype = DType::string;
  array.code_points = name[0] == 'U';
  return true;
}

[[noreturn]] void refuse_magic(std::span<const std::byte> bytes) {
  ByteCursor cursor(bytes);
  const std::string_view head = cursor.text(std::min<size_t>(4, bytes.size()));
  std::string what = "is not a .npy array";
  if (bytes.empty()) what = "is empty";
  if (head.substr(0, 2) == "PK") what = "is a zip archive (.npz?), not a .npy array";
  if (head.substr(0, 1) == "\x80") what = "is a Python pickle, not a .npy array; use np.save";
  throw Error(ErrorCode::format, "the file " + what);
}

}  // namespace

bool is_npy(std::span<const std::byte> bytes) {
  return bytes.size() >= kMagic.size() && ByteCursor(bytes).text(kMagic.size()) == kMagic;
}

size_t NpyArray::element_count() const {
  size_t count = 1;
  for (const int64_t size : shape) count = checked_mul(count, static_cast<size_t>(size));
  return count;
}

size_t NpyArray::element_bytes() const {
  if (dtype != DType::string) return static_cast<size_t>(bits(dtype)) / 8;
  return code_points ? checked_mul(text_width, size_t{4}) : text_width;
}

NpyArray parse_npy(const SharedBytes& file) {
  if (!is_npy(file.bytes)) refuse_magic(file.bytes);
  ByteCursor cursor(file.bytes, kMagic.size(), "the .npy array");
  const auto major = cursor.read<uint8_t>();
  const auto minor = cursor.read<uint8_t>();
  if (major < 1 || major > 3 || minor != 0) {
    throw Error(ErrorCode::unsupported, "the .npy format version is " + std::to_string(major) +
                                            "." + std::to_string(minor) +
                                            "; litesmith knows 1.0, 2.0 and 3.0");
  }
  const size_t length = major == 1 ? cursor.read<uint16_t>() : cursor.read<uint32_t>();
  const NpyHeader header = parse_npy_header(cursor.text(length));

  NpyArray array;
  array.shape = header.shape;
  array.fortran_order = header.fortran_order;
  bool known = false;
  if (!header.structured && header.descr.size() > 1) {
    const char order = header.descr[0];
    const bool known_order = order == '<' || order == '>' || order == '|' || order == '=';
    const std::string_view name = std::string_view(header.descr).substr(1);
    for (const TypeName& type : kTypes) {
      if (!known_order || name != type.name) continue;
      array.dtype = type.dtype;
      known = true;
    }
    known = known || (known_order && parse_text_type(name, array));
    array.big_endian = order == '>';
  }
  if (!known) refuse_type(header);

  const size_t wanted = checked_mul(array.element_count(), array.element_bytes());
  if (wanted > cursor.remaining()) {
    throw Error(ErrorCode::format, "the .npy array is truncated: " + describe(array) + " needs " +
                                       std::to_string(wanted) + " bytes, the file holds " +
                                       std::to_string(cursor.remaining()));
  }
  array.data = file.part(cursor.take(wanted));
  return array;
}

NpyArray read_npy(const std::filesystem::path& path) {
  const SharedBytes file = SharedBytes::map(path);
  return with_context("while reading '" + path.string() + "'", [&] { return parse_npy(file); });
}

std::string shape_text(std::span<const int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + "]";
}

std::string describe(const NpyArray& array) {
  return std::string(to_string(array.dtype)) + " " + shape_text(array.shape);
}

}  // namespace litesmith
