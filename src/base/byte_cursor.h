// A bounded little-endian reader over bytes from outside: every read is checked, none is a cast.
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.h"

namespace litesmith {

// Formats, kernels and buffers take the machine's byte order for the files'.
static_assert(std::endian::native == std::endian::little);

class ByteCursor {
 public:
  // `what` names the thing being read, for messages ("the HDF5 superblock"); it and the bytes must
  // outlive the cursor.
  explicit ByteCursor(std::span<const std::byte> bytes, size_t position = 0,
                      std::string_view what = "file")
      : bytes_(bytes), what_(what) {
    seek(position);
  }

  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }
  size_t size() const { return bytes_.size(); }

  void seek(size_t position) {
    if (position > bytes_.size()) fail(position, 0);
    position_ = position;
  }
  void skip(size_t count) { take(count); }

  std::span<const std::byte> take(size_t count) {
    if (count > remaining()) fail(position_, count);
    auto result = bytes_.subspan(position_, count);
    position_ += count;
    return result;
  }

  // Little-endian integer or IEEE float.
  template <class T>
  T read() {
    // A bool made of any other byte than 0 and 1 is undefined: read the byte and compare.
    static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }

  std::string_view text(size_t count) {
    auto bytes = take(count);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  [[noreturn]] void fail(size_t at, size_t count) const {
    throw Error(ErrorCode::format, std::string(what_) + " is truncated: byte " +
                                       std::to_string(at) + " + " + std::to_string(count) +
                                       " lies beyond its " + std::to_string(bytes_.size()) +
                                       " bytes");
  }

  std::span<const std::byte> bytes_;
  size_t position_ = 0;
  std::string_view what_;
};

}  // namespace litesmith
