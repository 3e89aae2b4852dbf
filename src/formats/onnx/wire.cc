#include "formats/onnx/wire.h"

#include <bit>
#include <cstring>

namespace litesmith::onnx {
namespace {

constexpr int kMaxDepth = 16;  // ModelProto to TensorProto is five

uint64_t read_varint(ByteCursor& cursor) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = cursor.read<uint8_t>();
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  throw Error(ErrorCode::format, "it is no ONNX file: a number has more than ten bytes");
}

}  // namespace

Message::Message(std::span<const std::byte> bytes, int depth)
    : cursor_(bytes, 0, "an ONNX message"), depth_(depth) {
  if (depth > kMaxDepth) {
    throw Error(ErrorCode::format, "it is no ONNX file: messages are nested too deep");
  }
}

void Message::fail(const std::string& what) const {
  throw Error(ErrorCode::format,
              "it is no ONNX file: field " + std::to_string(number_) + " " + what);
}

void Message::require(Kind kind) const {
  if (kind_ != kind) fail("holds another kind of value");
}

bool Message::next() {
  if (cursor_.remaining() == 0) return false;
  const uint64_t key = read_varint(cursor_);
  number_ = static_cast<uint32_t>(key >> 3);
  kind_ = static_cast<Kind>(key & 7);
  if (number_ == 0 || key >> 3 > UINT32_MAX) fail("does not exist");
  switch (kind_) {
    case Kind::varint:
      scalar_ = read_varint(cursor_);
      return true;
    case Kind::fixed64:
      scalar_ = cursor_.read<uint64_t>();
      return true;
    case Kind::fixed32:
      scalar_ = cursor_.read<uint32_t>();
      return true;
    case Kind::bytes: {
      const uint64_t size = read_varint(cursor_);
      if (size > cursor_.remaining()) fail("is truncated");
      bytes_ = cursor_.take(size);
      return true;
    }
  }
  fail("is of no kind that exists");
}

int64_t Message::integer() const {
  require(Kind::varint);
  return static_cast<int64_t>(scalar_);
}

float Message::number32() const {
  require(Kind::fixed32);
  return std::bit_cast<float>(static_cast<uint32_t>(scalar_));
}

std::span<const std::byte> Message::bytes() const {
  require(Kind::bytes);
  return bytes_;
}

std::string Message::text() const {
  const auto text = bytes();
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

void Message::append_to(std::vector<int64_t>& integers) const {
  if (kind_ == Kind::varint) {
    integers.push_back(integer());
    return;
  }
  ByteCursor packed(bytes(), 0, "a list of numbers");
  while (packed.remaining() > 0) integers.push_back(static_cast<int64_t>(read_varint(packed)));
}

template <class T>
void Message::append_fixed(std::vector<T>& numbers) const {
  constexpr Kind kOne = sizeof(T) == 4 ? Kind::fixed32 : Kind::fixed64;
  if (kind_ == kOne) {
    T value;
    std::memcpy(&value, &scalar_, sizeof(T));
    numbers.push_back(value);
    return;
  }
  const auto packed = bytes();
  if (packed.size() % sizeof(T) != 0) fail("holds part of a number");
  if (packed.empty()) return;
  const size_t before = numbers.size();
  numbers.resize(before + packed.size() / sizeof(T));
  std::memcpy(numbers.data() + before, packed.data(), packed.size());
}

void Message::append_to(std::vector<float>& floats) const { append_fixed(floats); }
void Message::append_to(std::vector<double>& doubles) const { append_fixed(doubles); }

}  // namespace litesmith::onnx
