#include "formats/hdf5/messages.h"

#include <algorithm>
#include <set>

#include "base/checked.h"
#include "base/error.h"

namespace litesmith::hdf5 {
namespace {

constexpr uint64_t kUndefinedAddress = UINT64_MAX;

size_t padded_to_8(size_t size) { return checked_add(size, 7) & ~size_t{7}; }

}  // namespace

void refuse_layout(const std::string& what) {
  throw Error(ErrorCode::unsupported,
              what +
                  "; only the layout Keras itself writes is read. Load the model in Keras and "
                  "save it again (model.save), or copy the file's contents with h5py's defaults");
}

uint64_t Array::count() const {
  uint64_t result = 1;
  for (const uint64_t dim : shape) result = checked_mul(result, dim);
  return result;
}

uint64_t Array::byte_count() const { return checked_mul(count(), type.size); }

std::vector<HeaderMessage> read_object_header(std::span<const std::byte> file, uint64_t address) {
  ByteCursor prefix(file, address, "an HDF5 object header");
  const auto version = prefix.read<uint8_t>();
  if (version == 'O') refuse_layout("the file uses HDF5's newer object headers (libver='latest')");
  if (version != 1) {
    throw Error(ErrorCode::format, "an HDF5 object header has version " + std::to_string(version));
  }
  prefix.skip(1);
  const auto count = prefix.read<uint16_t>();
  prefix.skip(4);  // reference count
  const auto first_size = prefix.read<uint32_t>();
  prefix.skip(4);  // to 8-byte alignment

  // Blocks still to be read; a block seen twice would be a cycle.
  std::vector<ByteCursor> blocks = {ByteCursor(prefix.take(first_size), 0, "an object header")};
  std::set<uint64_t> seen;
  std::vector<HeaderMessage> messages;
  size_t messages_read = 0;
  for (size_t block = 0; block < blocks.size(); ++block) {
    while (blocks[block].remaining() >= 8 && messages_read < count) {
      ++messages_read;
      const auto type = blocks[block].read<uint16_t>();
      const auto size = blocks[block].read<uint16_t>();
      const auto flags = blocks[block].read<uint8_t>();
      blocks[block].skip(3);
      const auto data = blocks[block].take(size);
      if (type == HeaderMessage::kContinuation) {
        ByteCursor where(data, 0, "a continuation message");
        const auto offset = where.read<uint64_t>();
        const auto length = where.read<uint64_t>();
        if (!seen.insert(offset).second) {
          throw Error(ErrorCode::format, "an HDF5 object header continues in a circle");
        }
        blocks.emplace_back(ByteCursor(file, offset, "an object header block").take(length), 0,
                            "an object header block");
        continue;
      }
      constexpr uint8_t kShared = 2;
      if ((flags & kShared) != 0) refuse_layout("the file shares a type or shape between objects");
      messages.push_back({type, data});
    }
  }
  return messages;
}

Datatype read_datatype(std::span<const std::byte> message) {
  ByteCursor cursor(message, 0, "a datatype message");
  const auto class_and_version = cursor.read<uint8_t>();
  const auto bits = cursor.read<uint8_t>();
  cursor.skip(2);
  Datatype type;
  type.size = cursor.read<uint32_t>();
  enum : uint8_t { integer = 0, floating = 1, text = 3, opaque = 5, variable = 9 };
  constexpr uint8_t kBigEndian = 1;
  constexpr uint8_t kSigned = 8;
  switch (class_and_version & 0x0f) {
    case integer: {
      if ((bits & kBigEndian) != 0) refuse_layout("the file holds big-endian numbers");
      const auto bit_offset = cursor.read<uint16_t>();
      const auto precision = cursor.read<uint16_t>();
      type.is_signed = (bits & kSigned) != 0;
      if (bit_offset == 0 && precision == 8 * type.size) type.kind = Datatype::Kind::integer;
      break;
    }
    case floating: {
      if ((bits & kBigEndian) != 0) refuse_layout("the file holds big-endian numbers");
      const auto bit_offset = cursor.read<uint16_t>();
      const auto precision = cursor.read<uint16_t>();
      cursor.skip(1);
      const auto exponent_bits = cursor.read<uint8_t>();
      // IEEE half, single and double, by their exponent; anything else of these sizes is not.
      const uint8_t ieee = type.size == 2 ? 5 : type.size == 4 ? 8 : type.size == 8 ? 11 : 0;
      type.is_signed = true;
      if (bit_offset == 0 && precision == 8 * type.size && exponent_bits == ieee) {
        type.kind = Datatype::Kind::floating;
      }
      break;
    }
    case text:
      type.kind = Datatype::Kind::fixed_string;
      break;
    case opaque:
      type.kind = Datatype::Kind::opaque;
      break;
    case variable: {
      constexpr uint8_t kString = 1;
      constexpr uint32_t kReferenceSize = 16;  // length, heap address, index in the heap
      if ((bits & 0x0f) == kString && type.size == kReferenceSize) {
        type.kind = Datatype::Kind::variable_string;
      }
      break;
    }
    default:
      break;
  }
  return type;
}

std::vector<uint64_t> read_dataspace(std::span<const std::byte> message) {
  ByteCursor cursor(message, 0, "a dataspace message");
  const auto version = cursor.read<uint8_t>();
  const auto rank = cursor.read<uint8_t>();
  cursor.skip(1);  // flags: whether maximum dimensions follow
  const auto kind = cursor.read<uint8_t>();
  if (version == 1) {
    cursor.skip(4);
  } else if (version != 2) {
    throw Error(ErrorCode::format, "an HDF5 dataspace has version " + std::to_string(version));
  }
  constexpr uint8_t kNull = 2;
  if (version == 2 && kind == kNull) return {0};
  constexpr uint8_t kMaxRank = 32;
  if (rank > kMaxRank) {
    throw Error(ErrorCode::format, "an HDF5 dataspace has rank " + std::to_string(rank));
  }
  std::vector<uint64_t> shape(rank);
  for (uint64_t& dim : shape) dim = cursor.read<uint64_t>();
  return shape;
}

Attribute read_attribute(std::span<const std::byte> message) {
  ByteCursor cursor(message, 0, "an attribute message");
  const auto version = cursor.read<uint8_t>();
  const auto flags = cursor.read<uint8_t>();
  if (version < 1 || version > 3) {
    throw Error(ErrorCode::format, "an HDF5 attribute has version " + std::to_string(version));
  }
  if (version > 1 && flags != 0) refuse_layout("the file shares a type between attributes");
  const auto name_size = cursor.read<uint16_t>();
  const auto type_size = cursor.read<uint16_t>();
  const auto space_size = cursor.read<uint16_t>();
  if (version == 3) cursor.skip(1);  // the name's character set; UTF-8 holds ASCII
  // In version 1 each part fills whole groups of 8 bytes.
  auto part = [&](size_t size) {
    const auto bytes = cursor.take(size);
    if (version == 1) cursor.skip(padded_to_8(size) - size);
    return bytes;
  };
  const auto name = part(name_size);
  Attribute attribute;
  attribute.name.assign(reinterpret_cast<const char*>(name.data()), name.size());
  attribute.name.resize(std::min(attribute.name.find('\0'), attribute.name.size()));
  attribute.array.type = read_datatype(part(type_size));
  attribute.array.shape = read_dataspace(part(space_size));
  attribute.array.bytes = cursor.take(attribute.array.byte_count());
  return attribute;
}

std::span<const std::byte> read_layout(std::span<const std::byte> file,
                                       std::span<const std::byte> message, uint64_t byte_count) {
  ByteCursor cursor(message, 0, "a layout message");
  const auto version = cursor.read<uint8_t>();
  if (version != 3) {
    refuse_layout("a dataset's layout has version " + std::to_string(version));
  }
  enum : uint8_t { compact = 0, contiguous = 1, chunked = 2 };
  const auto kind = cursor.read<uint8_t>();
  if (kind == compact) {
    const auto bytes = cursor.take(cursor.read<uint16_t>());
    return ByteCursor(bytes, 0, "a compact dataset").take(byte_count);
  }
  if (kind == chunked) refuse_layout("a dataset is stored in chunks (perhaps compressed)");
  if (kind != contiguous) refuse_layout("a dataset's layout is of class " + std::to_string(kind));
  const auto address = cursor.read<uint64_t>();
  if (byte_count == 0) return {};
  if (address == kUndefinedAddress) {
    throw Error(ErrorCode::format, "a dataset has no data: it was made, but never written");
  }
  return ByteCursor(file, address, "a dataset").take(byte_count);
}

}  // namespace litesmith::hdf5
