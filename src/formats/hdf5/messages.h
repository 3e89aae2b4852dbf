// The messages an object header is made of, and the two that describe data: its type, its shape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/byte_cursor.h"

namespace litesmith::hdf5 {

// What one element is. Multi-byte numbers are little-endian; others are refused.
struct Datatype {
  enum class Kind { integer, floating, fixed_string, variable_string, opaque, other };
  Kind kind = Kind::other;
  uint32_t size = 0;  // bytes
  bool is_signed = false;

  friend bool operator==(const Datatype&, const Datatype&) = default;
};

// An array: element type, dimensions (none: a scalar), and the elements where they lie in the file.
struct Array {
  Datatype type;
  std::vector<uint64_t> shape;
  std::span<const std::byte> bytes;

  uint64_t count() const;       // of elements
  uint64_t byte_count() const;  // that many elements take; throws when too large to exist
};

struct HeaderMessage {
  // Specification, IV.A.2.
  static constexpr uint16_t kDataspace = 0x0001;
  static constexpr uint16_t kLinkInfo = 0x0002;
  static constexpr uint16_t kDatatype = 0x0003;
  static constexpr uint16_t kExternalFiles = 0x0007;
  static constexpr uint16_t kLayout = 0x0008;
  static constexpr uint16_t kFilters = 0x000b;
  static constexpr uint16_t kAttribute = 0x000c;
  static constexpr uint16_t kContinuation = 0x0010;
  static constexpr uint16_t kSymbolTable = 0x0011;

  uint16_t type = 0;
  std::span<const std::byte> data;
};

// Throws Error(unsupported): `what`, and how to write the file so that it can be read.
[[noreturn]] void refuse_layout(const std::string& what);

// The messages of the version 1 header at `address`, continuation blocks followed.
std::vector<HeaderMessage> read_object_header(std::span<const std::byte> file, uint64_t address);

Datatype read_datatype(std::span<const std::byte> message);
// The dimensions; throws for a null dataspace.
std::vector<uint64_t> read_dataspace(std::span<const std::byte> message);

struct Attribute {
  std::string name;
  Array array;
};
Attribute read_attribute(std::span<const std::byte> message);

// The elements a dataset's layout message points to.
std::span<const std::byte> read_layout(std::span<const std::byte> file,
                                       std::span<const std::byte> message, uint64_t byte_count);

}  // namespace litesmith::hdf5
