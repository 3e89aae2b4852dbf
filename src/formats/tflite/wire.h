// Bounded reading of FlatBuffers objects by position in the file, without a schema compiled in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "formats/tflite/claims.h"
#include "formats/tflite/table.h"

namespace litesmith::tflite {

// FlatBuffers do not describe themselves: of a field that is newer than our knowledge, only its
// place and the room it takes can be seen. Such a field is read as follows, in a second pass, when
// all that is understood has been claimed. It is a reference when it leads to bytes that nothing
// claims and that look like a string, a table, or a vector whose elements fit; else it is a number
// as wide as its room. Both guesses err on the side of copying more than needed (a vector of
// 4-byte elements read as one of 8-byte elements carries bytes that no reader looks at), so what is
// written means the same. What can go wrong: a number that by chance equals the distance to an
// unclaimed object; and the order of a vector of references to objects that other unknown fields
// share is kept, but the sharing is not.
class Wire {
 public:
  // `bytes` holds the FlatBuffer; positions are relative to its first byte.
  explicit Wire(std::span<const std::byte> bytes);

  size_t size() const { return bytes_.size(); }

  // A table of the given layout (table.h); slots behind it are unknown ones.
  Table table(size_t position, std::string_view layout);
  // Where the object that `slot` of the table at `position` refers to lies; nothing when the slot
  // is absent.
  std::optional<size_t> nested(size_t position, int slot);
  // Where the tables of a list lie.
  std::vector<size_t> list(size_t position);
  // The slots of a table from `first_slot` on.
  Table unknown_slots(size_t position, int first_slot);

  // Counts bytes that are about to be copied out of the file. A file whose tables share objects can
  // ask for more copies than it has bytes; one that asks for many times its size is hostile.
  void charge(size_t bytes);
  void claim(size_t position, size_t bytes);

  // True when the first pass met a field that it skipped.
  bool met_unknown() const { return met_unknown_; }
  // Starts the second pass.
  void start_second_pass();

 private:
  struct Object {
    size_t position;
    size_t vtable;
    size_t vtable_bytes;
    size_t object_bytes;
    int slots() const { return static_cast<int>((vtable_bytes - 4) / 2); }
  };

  Object open(size_t position);
  size_t field_position(const Object& object, int slot) const;
  Field scalar_field(size_t at, int slot, uint8_t width) const;
  Field elements_field(size_t target, size_t count, int slot, uint8_t width);
  Field known_field(size_t at, int slot, char letter);
  size_t follow(size_t at) const;

  Table unknown_slots(const Object& object, int first_slot, int depth);
  // The field at `at`, which has room up to `end`.
  std::optional<Field> guess(size_t at, size_t end, int slot, int depth);
  std::optional<std::string> guess_string(size_t target);
  std::optional<Object> guess_table(size_t target) const;
  std::optional<Field> guess_list(size_t target, size_t count, int slot, int depth);
  // The position an offset at `at` leads to, when nothing claims it.
  std::optional<size_t> unclaimed_target(size_t at) const;

  template <class T>
  T read(size_t position) const {
    if (position > size() || size() - position < sizeof(T)) fail(position);
    T value;
    std::memcpy(&value, bytes_.data() + position, sizeof(T));
    return value;
  }
  std::vector<std::byte> copy(size_t position, size_t count);
  [[noreturn]] void fail(size_t position) const;

  std::span<const std::byte> bytes_;
  Claims claims_;
  size_t charged_ = 0;
  bool met_unknown_ = false;
  bool second_pass_ = false;
};

}  // namespace litesmith::tflite
