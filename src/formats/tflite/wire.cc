#include "formats/tflite/wire.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/error.h"

namespace litesmith::tflite {
namespace {

// How deep unknown tables may nest, and how much may be copied out of a file of a given size.
// Files share at most shapes and zero points, which take a small part of them.
constexpr int kMaxUnknownDepth = 8;
constexpr size_t kCopiesPerByte = 8;
constexpr size_t kFreeCopies = size_t{16} << 20;
constexpr size_t kObjectCost = 64;  // of the value that holds a field or table

uint8_t element_bytes(char letter) {
  switch (letter) {
    case 'b':
    case 'B':
    case 'A':
    case 's':
      return 1;
    case 'h':
    case 'H':
      return 2;
    case 'l':
    case 'L':
      return 8;
    default:
      return 4;
  }
}

bool is_text(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) {
    const auto c = static_cast<unsigned char>(byte);
    return c >= 0x20 || c == '\n' || c == '\t';
  });
}

}  // namespace

Wire::Wire(std::span<const std::byte> bytes) : bytes_(bytes) {}

void Wire::fail(size_t position) const {
  throw Error(ErrorCode::format, "the file is damaged: what is said to lie at byte " +
                                     std::to_string(position) + " does not fit into its " +
                                     std::to_string(size()) + " bytes");
}

void Wire::charge(size_t bytes) {
  charged_ += bytes;
  if (charged_ > kFreeCopies + kCopiesPerByte * size()) {
    throw Error(ErrorCode::format,
                "the file's tables claim many times the file's own size: it is damaged or hostile");
  }
}

void Wire::claim(size_t position, size_t bytes) {
  if (second_pass_) return;
  charge(sizeof(std::pair<size_t, size_t>));
  claims_.add(position, bytes);
}

void Wire::start_second_pass() {
  claims_.settle();
  second_pass_ = true;
  charged_ = 0;
}

std::vector<std::byte> Wire::copy(size_t position, size_t count) {
  if (position > size() || size() - position < count) fail(position);
  charge(count);
  const auto found = bytes_.subspan(position, count);
  return {found.begin(), found.end()};
}

Wire::Object Wire::open(size_t position) {
  const auto to_vtable = int64_t{read<int32_t>(position)};
  const int64_t vtable = static_cast<int64_t>(position) - to_vtable;
  if (vtable < 0) fail(position);
  Object object{position, static_cast<size_t>(vtable), 0, 0};
  object.vtable_bytes = read<uint16_t>(object.vtable);
  object.object_bytes = read<uint16_t>(object.vtable + 2);
  if (object.vtable_bytes < 4 || object.vtable_bytes % 2 != 0 ||
      size() - object.vtable < object.vtable_bytes) {
    fail(object.vtable);
  }
  charge(kObjectCost + object.vtable_bytes);
  claim(object.vtable, object.vtable_bytes);
  claim(position, std::max<size_t>(object.object_bytes, 4));
  return object;
}

size_t Wire::field_position(const Object& object, int slot) const {
  if (slot >= object.slots()) return 0;
  const auto offset = read<uint16_t>(object.vtable + 4 + 2 * static_cast<size_t>(slot));
  return offset == 0 ? 0 : object.position + offset;
}

size_t Wire::follow(size_t at) const {
  const auto distance = read<uint32_t>(at);
  if (distance == 0 || distance > size() - at) fail(at);
  return at + distance;
}

Field Wire::scalar_field(size_t at, int slot, uint8_t width) const {
  if (at > size() || size() - at < width) fail(at);
  Field field(slot, Field::Kind::scalar, width);
  std::memcpy(&field.bits, bytes_.data() + at, width);
  return field;
}

Field Wire::elements_field(size_t target, size_t count, int slot, uint8_t width) {
  Field field(slot, Field::Kind::elements, width);
  field.data = copy(target + sizeof(uint32_t), count * width);
  return field;
}

Field Wire::known_field(size_t at, int slot, char letter) {
  const uint8_t width = element_bytes(letter);
  if (letter >= 'a' && letter != 's') return scalar_field(at, slot, width);
  const size_t target = follow(at);
  const size_t count = read<uint32_t>(target);
  if (count > size() / width) fail(target);
  claim(target, sizeof(uint32_t) + count * width + (letter == 's' ? 1 : 0));
  Field field = elements_field(target, count, slot, width);
  if (letter == 'A') field.alignment = 16;
  if (letter != 's') return field;
  Field text(slot, Field::Kind::text);
  text.texts.emplace_back(reinterpret_cast<const char*>(field.data.data()), field.data.size());
  return text;
}

Table Wire::table(size_t position, std::string_view layout) {
  const Object object = open(position);
  Table result;
  for (size_t slot = 0; slot < layout.size(); ++slot) {
    const size_t at = field_position(object, static_cast<int>(slot));
    if (at == 0) continue;
    charge(kObjectCost);
    result.fields.push_back(known_field(at, static_cast<int>(slot), layout[slot]));
  }
  Table unknown = unknown_slots(object, static_cast<int>(layout.size()), 0);
  std::move(unknown.fields.begin(), unknown.fields.end(), std::back_inserter(result.fields));
  return result;
}

std::optional<size_t> Wire::nested(size_t position, int slot) {
  const size_t at = field_position(open(position), slot);
  if (at == 0) return std::nullopt;
  return follow(at);
}

std::vector<size_t> Wire::list(size_t position) {
  const size_t count = read<uint32_t>(position);
  if (count > size() / sizeof(uint32_t)) fail(position);
  charge(count * sizeof(size_t));
  std::vector<size_t> places;
  for (size_t i = 0; i < count; ++i) places.push_back(follow(position + 4 + 4 * i));
  return places;
}

Table Wire::unknown_slots(size_t position, int first_slot) {
  return unknown_slots(open(position), first_slot, 0);
}

Table Wire::unknown_slots(const Object& object, int first_slot, int depth) {
  // Where each field begins; the room of one ends where the next begins.
  std::vector<size_t> begins;
  if (second_pass_) {
    for (int slot = 0; slot < object.slots(); ++slot)
      begins.push_back(field_position(object, slot));
    begins.push_back(object.position + object.object_bytes);
    std::sort(begins.begin(), begins.end());
  }
  Table result;
  for (int slot = first_slot; slot < object.slots(); ++slot) {
    const size_t at = field_position(object, slot);
    if (at == 0) continue;
    met_unknown_ = true;
    if (!second_pass_) continue;
    charge(kObjectCost);
    const auto end = std::upper_bound(begins.begin(), begins.end(), at);
    if (end == begins.end()) fail(at);
    if (auto field = guess(at, *end, slot, depth)) result.fields.push_back(std::move(*field));
  }
  return result;
}

std::optional<size_t> Wire::unclaimed_target(size_t at) const {
  if (at % 4 != 0 || at > size() || size() - at < 4) return std::nullopt;
  const auto distance = read<uint32_t>(at);
  if (distance < 4 || distance % 4 != 0 || distance > size() - at) return std::nullopt;
  if (claims_.unclaimed(at + distance, size()) < 4) return std::nullopt;
  return at + distance;
}

std::optional<std::string> Wire::guess_string(size_t target) {
  const size_t room = claims_.unclaimed(target, size()) - 4;
  const size_t count = read<uint32_t>(target);
  if (count == 0 || count >= room) return std::nullopt;
  charge(count);
  const auto text = bytes_.subspan(target + 4, count);
  if (!is_text(text) || read<uint8_t>(target + 4 + count) != 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(text.data()), text.size());
}

std::optional<Wire::Object> Wire::guess_table(size_t target) const {
  const size_t room = claims_.unclaimed(target, size());
  const int64_t vtable = static_cast<int64_t>(target) - read<int32_t>(target);
  if (vtable < 0 || vtable % 2 != 0 || vtable > static_cast<int64_t>(size()) - 4) {
    return std::nullopt;
  }
  Object object{target, static_cast<size_t>(vtable), 0, 0};
  object.vtable_bytes = read<uint16_t>(object.vtable);
  object.object_bytes = read<uint16_t>(object.vtable + 2);
  if (object.vtable_bytes < 4 || object.vtable_bytes % 2 != 0 || object.object_bytes < 4 ||
      object.object_bytes > room || size() - object.vtable < object.vtable_bytes) {
    return std::nullopt;
  }
  for (int slot = 0; slot < object.slots(); ++slot) {
    const size_t at = field_position(object, slot);
    if (at != 0 && (at < target + 4 || at >= target + object.object_bytes)) return std::nullopt;
  }
  return object;
}

std::optional<Field> Wire::guess_list(size_t target, size_t count, int slot, int depth) {
  Field list(slot, Field::Kind::tables);
  for (size_t i = 0; i < count; ++i) {
    const auto element = unclaimed_target(target + 4 + 4 * i);
    if (!element) return std::nullopt;
    charge(kObjectCost);
    if (auto text = guess_string(*element)) {
      list.texts.push_back(std::move(*text));
    } else if (const auto object = guess_table(*element)) {
      list.tables.push_back(unknown_slots(*object, 0, depth + 1));
    } else {
      return std::nullopt;
    }
    if (!list.texts.empty() && !list.tables.empty()) return std::nullopt;
  }
  if (!list.texts.empty()) list.kind = Field::Kind::texts;
  return list;
}

std::optional<Field> Wire::guess(size_t at, size_t end, int slot, int depth) {
  if (depth > kMaxUnknownDepth || end > size()) fail(at);
  const size_t room = end - at;
  const auto target = room >= 4 ? unclaimed_target(at) : std::nullopt;
  if (target) {
    if (auto text = guess_string(*target)) {
      Field field(slot, Field::Kind::text);
      field.texts.push_back(std::move(*text));
      return field;
    }
    if (const auto nested = guess_table(*target)) {
      Field field(slot, Field::Kind::table);
      field.tables.push_back(unknown_slots(*nested, 0, depth + 1));
      return field;
    }
    const size_t count = read<uint32_t>(*target);
    const size_t behind = claims_.unclaimed(*target, size()) - 4;
    if (count > 0 && count <= behind / 4) {
      if (auto list = guess_list(*target, count, slot, depth)) return list;
    }
    for (const uint8_t width : {8, 4, 2, 1}) {
      const bool aligned = (*target + 4) % width == 0;
      if (count <= behind / width && aligned) {
        return elements_field(*target, count, slot, width);
      }
    }
  }
  for (const uint8_t width : {8, 4, 2, 1}) {
    if (width <= room && at % width == 0) return scalar_field(at, slot, width);
  }
  return std::nullopt;
}

}  // namespace litesmith::tflite
