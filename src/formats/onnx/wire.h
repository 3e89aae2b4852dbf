// Protocol Buffers' wire format, read field by field within bounds and without copying.
//
// A message is a row of fields: a key (number << 3 | wire type) and a value. Source: Google's
// "Encoding" page of the Protocol Buffers documentation. Written here rather than taken from
// protobuf-lite because Debian's static library cannot be linked into the Python package's
// extension, and the weights of a mapped file need not be copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/byte_cursor.h"

namespace litesmith::onnx {

class Message {
 public:
  // Nested messages count towards a limit, so that a hostile file cannot exhaust the stack.
  explicit Message(std::span<const std::byte> bytes, int depth = 0);

  // Moves to the next field; false at the end. Throws Error(format) for bytes that are none.
  bool next();
  uint32_t number() const { return number_; }

  // The value of the field, which must have this kind. Throws Error(format) when it has not.
  int64_t integer() const;
  float number32() const;
  std::span<const std::byte> bytes() const;
  std::string text() const;
  Message message() const { return Message(bytes(), depth_ + 1); }

  // Repeated numbers come one a field, or packed into one field; appended either way.
  void append_to(std::vector<int64_t>& integers) const;
  void append_to(std::vector<float>& floats) const;
  void append_to(std::vector<double>& doubles) const;

 private:
  template <class T>
  void append_fixed(std::vector<T>& numbers) const;

  enum class Kind : uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };
  [[noreturn]] void fail(const std::string& what) const;
  void require(Kind kind) const;

  ByteCursor cursor_;
  int depth_;
  uint32_t number_ = 0;
  Kind kind_ = Kind::varint;
  uint64_t scalar_ = 0;
  std::span<const std::byte> bytes_;
};

}  // namespace litesmith::onnx
