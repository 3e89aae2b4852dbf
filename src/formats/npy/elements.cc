// Elements out of an array: any stored type, byte order and array order to what the caller wants.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

#include "base/error.h"
#include "base/half.h"
#include "formats/npy/npy.h"

namespace litesmith {
namespace {

struct Half {
  uint16_t bits;
};
struct Boolean {
  uint8_t byte;
};

template <size_t N>
struct Bytes;
template <>
struct Bytes<1> {
  using type = uint8_t;
  static type swap(type value) { return value; }
};
template <>
struct Bytes<2> {
  using type = uint16_t;
  static type swap(type value) { return __builtin_bswap16(value); }
};
template <>
struct Bytes<4> {
  using type = uint32_t;
  static type swap(type value) { return __builtin_bswap32(value); }
};
template <>
struct Bytes<8> {
  using type = uint64_t;
  static type swap(type value) { return __builtin_bswap64(value); }
};

template <class Stored>
Stored load(const std::byte* at, bool swapped) {
  using Word = Bytes<sizeof(Stored)>;
  typename Word::type word;
  std::memcpy(&word, at, sizeof(word));
  return std::bit_cast<Stored>(swapped ? Word::swap(word) : word);
}

void check_inside(const NpyArray& array, size_t first, size_t count) {
  if (count > array.element_count() || first > array.element_count() - count) {
    throw Error(ErrorCode::internal, "elements beyond the end of an array were asked for");
  }
}

bool is_in_order(const NpyArray& array) { return !array.fortran_order || array.shape.size() < 2; }

// Calls body(element offset in the file) for `count` elements from row-major position `first`.
template <class Body>
void walk(const NpyArray& array, size_t first, size_t count, Body body) {
  check_inside(array, first, count);
  if (is_in_order(array)) {
    for (size_t i = 0; i < count; ++i) body(first + i);
    return;
  }
  const size_t rank = array.shape.size();
  if (count == 0) return;
  // An odometer over the row-major index that keeps the column-major offset up to date.
  std::vector<size_t> index(rank);
  std::vector<size_t> stride(rank, 1);
  for (size_t d = 1; d < rank; ++d) {
    stride[d] = stride[d - 1] * static_cast<size_t>(array.shape[d - 1]);
  }
  size_t offset = 0;
  size_t rest = first;
  for (size_t d = rank; d-- > 0;) {
    const auto size = static_cast<size_t>(array.shape[d]);
    index[d] = rest % size;
    rest /= size;
    offset += index[d] * stride[d];
  }
  for (size_t i = 0; i < count; ++i) {
    body(offset);
    for (size_t d = rank; d-- > 0;) {
      offset += stride[d];
      if (++index[d] < static_cast<size_t>(array.shape[d])) break;
      offset -= index[d] * stride[d];
      index[d] = 0;
    }
  }
}

template <class Stored, class Out, class Convert>
void convert(const NpyArray& array, size_t first, std::span<Out> out, Convert convert_one) {
  const std::byte* base = array.data.bytes.data();
  const bool swapped = array.big_endian;
  size_t i = 0;
  walk(array, first, out.size(), [&](size_t offset) {
    out[i++] = convert_one(load<Stored>(base + offset * sizeof(Stored), swapped));
  });
}

// Calls body(a value of the C++ type that the array stores).
template <class Body>
void with_stored_type(const NpyArray& array, Body body) {
  switch (array.dtype) {
    case DType::float16:
      return body(Half{});
    case DType::float32:
      return body(float{});
    case DType::float64:
      return body(double{});
    case DType::int8:
      return body(int8_t{});
    case DType::int16:
      return body(int16_t{});
    case DType::int32:
      return body(int32_t{});
    case DType::int64:
      return body(int64_t{});
    case DType::uint8:
      return body(uint8_t{});
    case DType::uint16:
      return body(uint16_t{});
    case DType::uint32:
      return body(uint32_t{});
    case DType::uint64:
      return body(uint64_t{});
    case DType::boolean:
      return body(Boolean{});
    case DType::string:
      throw Error(ErrorCode::unsupported,
                  "the array holds text, not plain numbers; encode it as integers");
    default:
      check(false, "an .npy array of a type that its reader refuses");
  }
}

float to_float(Half value) { return half_to_float(value.bits); }
float to_float(Boolean value) { return value.byte != 0 ? 1.0f : 0.0f; }
float to_float(double value) {
  const auto narrowed = static_cast<float>(value);
  if (std::isinf(narrowed) && !std::isinf(value)) {
    throw Error(ErrorCode::data,
                "the array holds " + std::to_string(value) + ", which is too large for float32");
  }
  return narrowed;
}
template <class T>
float to_float(T value) {
  return static_cast<float>(value);
}

int64_t integer_from_double(double value) {
  // 2^63 itself is a double; the largest int64 is not.
  if (!(value >= -0x1p63 && value < 0x1p63) || value != std::trunc(value)) {
    throw Error(ErrorCode::data,
                "the array holds " + std::to_string(value) + " where an integer is needed");
  }
  return static_cast<int64_t>(value);
}
int64_t to_integer(Half value) { return integer_from_double(half_to_float(value.bits)); }
int64_t to_integer(Boolean value) { return value.byte != 0 ? 1 : 0; }
int64_t to_integer(float value) { return integer_from_double(value); }
int64_t to_integer(double value) { return integer_from_double(value); }
int64_t to_integer(uint64_t value) {
  if (value > static_cast<uint64_t>(INT64_MAX)) {
    throw Error(ErrorCode::data,
                "the array holds " + std::to_string(value) + ", which is too large for int64");
  }
  return static_cast<int64_t>(value);
}
template <class T>
int64_t to_integer(T value) {
  return static_cast<int64_t>(value);
}

void append_utf8(uint32_t code_point, std::string& text) {
  auto put = [&](uint32_t byte) { text += static_cast<char>(byte); };
  auto continued = [&](int shift) { put(0x80 | ((code_point >> shift) & 0x3f)); };
  if (code_point < 0x80) return put(code_point);
  if (code_point < 0x800) {
    put(0xc0 | (code_point >> 6));
  } else if (code_point < 0x10000) {
    put(0xe0 | (code_point >> 12));
    continued(6);
  } else if (code_point < 0x110000) {
    put(0xf0 | (code_point >> 18));
    continued(12);
    continued(6);
  } else {
    throw Error(ErrorCode::data,
                "the array holds " + std::to_string(code_point) + ", which is no character");
  }
  continued(0);
}

}  // namespace

void read_floats(const NpyArray& array, size_t first, std::span<float> out) {
  with_stored_type(array, [&](auto stored) {
    using Stored = decltype(stored);
    convert<Stored>(array, first, out, [](Stored value) { return to_float(value); });
  });
}

std::span<const float> view_floats(const NpyArray& array, size_t first, size_t count,
                                   std::vector<float>& memory) {
  const std::byte* const base = array.data.bytes.data();
  const bool is_aligned = reinterpret_cast<uintptr_t>(base) % alignof(float) == 0;
  if (array.dtype == DType::float32 && !array.big_endian && is_in_order(array) && is_aligned) {
    check_inside(array, first, count);
    return {reinterpret_cast<const float*>(base) + first, count};
  }
  memory.resize(count);
  read_floats(array, first, memory);
  return memory;
}

void read_integers(const NpyArray& array, size_t first, std::span<int64_t> out) {
  with_stored_type(array, [&](auto stored) {
    using Stored = decltype(stored);
    convert<Stored>(array, first, out, [](Stored value) { return to_integer(value); });
  });
}

std::vector<std::string> read_texts(const NpyArray& array, size_t first, size_t count) {
  check(array.dtype == DType::string, "text is read from an array of text");
  const size_t width = array.text_width;
  std::vector<std::string> texts;
  texts.reserve(count);
  walk(array, first, count, [&](size_t offset) {
    const auto element =
        array.data.bytes.subspan(offset * array.element_bytes(), array.element_bytes());
    std::string text;
    if (array.code_points) {
      for (size_t i = 0; i < width; ++i) {
        append_utf8(load<uint32_t>(element.data() + i * sizeof(uint32_t), array.big_endian), text);
      }
    } else {
      text.assign(reinterpret_cast<const char*>(element.data()), element.size());
    }
    text.erase(text.find_last_not_of('\0') + 1);
    texts.push_back(std::move(text));
  });
  return texts;
}

void read_raw(const NpyArray& array, size_t first, std::span<std::byte> out) {
  with_stored_type(array, [&](auto stored) {
    using Stored = decltype(stored);
    check(out.size() % sizeof(Stored) == 0, "raw elements are whole");
    const std::byte* base = array.data.bytes.data();
    std::byte* to = out.data();
    walk(array, first, out.size() / sizeof(Stored), [&](size_t offset) {
      const auto value = load<Stored>(base + offset * sizeof(Stored), array.big_endian);
      std::memcpy(to, &value, sizeof(value));
      to += sizeof(value);
    });
  });
}

}  // namespace litesmith
