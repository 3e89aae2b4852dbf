#include "formats/tflite/flexbuffer.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string_view>

#include "base/byte_cursor.h"
#include "base/error.h"
#include "base/half.h"

namespace litesmith::tflite {
namespace {

// The format is read from its end: the last byte is the width of the root, the one before its type.
// A type byte has the width of what it describes in its two low bits. Offsets point backwards. A
// map is a vector of values, their types behind it, and before it the place and width of a vector
// of keys and the number of both.
enum FlexType : uint8_t {
  null = 0,
  integer = 1,
  natural = 2,
  real = 3,
  indirect_integer = 6,
  indirect_natural = 7,
  indirect_real = 8,
  map = 9,
  boolean = 26,
};

// Many times what any operator has.
constexpr uint64_t kMostEntries = 1000;
constexpr size_t kLongestKey = 200;

class FlexReader {
 public:
  explicit FlexReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  FlexMap run() {
    if (bytes_.size() < 3) fail("they are too short");
    const size_t width = byte(bytes_.size() - 1);
    const uint8_t packed = byte(bytes_.size() - 2);
    if (!is_width(width) || width > bytes_.size() - 2) fail("their root has no width");
    if (packed >> 2 != FlexType::map) fail("they are no map");
    return read_map(follow(bytes_.size() - 2 - width, width), size_t{1} << (packed & 3));
  }

 private:
  [[noreturn]] static void fail(const std::string& why) {
    throw Error(ErrorCode::format, "its custom options are no FlexBuffers map: " + why);
  }

  static bool is_width(size_t width) { return std::has_single_bit(width) && width <= 8; }

  std::span<const std::byte> at(size_t position, size_t count) const {
    if (position > bytes_.size() || count > bytes_.size() - position) {
      fail("byte " + std::to_string(position) + " lies beyond their " +
           std::to_string(bytes_.size()));
    }
    return bytes_.subspan(position, count);
  }
  uint8_t byte(size_t position) const { return static_cast<uint8_t>(at(position, 1)[0]); }

  uint64_t natural_at(size_t position, size_t width) const {
    uint64_t value = 0;
    std::memcpy(&value, at(position, width).data(), width);
    return value;
  }
  int64_t integer_at(size_t position, size_t width) const {
    const auto unused = static_cast<int>(64 - 8 * width);
    return static_cast<int64_t>(natural_at(position, width) << unused) >> unused;
  }
  double real_at(size_t position, size_t width) const {
    const uint64_t value = natural_at(position, width);
    if (width == 8) return std::bit_cast<double>(value);
    if (width == 4) return double{std::bit_cast<float>(static_cast<uint32_t>(value))};
    if (width == 2) return double{half_to_float(static_cast<uint16_t>(value))};
    fail("a real number of one byte");
  }

  // Where the offset at `position` leads.
  size_t follow(size_t position, size_t width) const {
    const uint64_t offset = natural_at(position, width);
    if (offset > position) fail("an offset leads before their beginning");
    return position - static_cast<size_t>(offset);
  }

  FlexMap read_map(size_t position, size_t width) const {
    if (position < 3 * width) fail("a map begins before its keys");
    const uint64_t count = natural_at(position - width, width);
    const uint64_t key_width = natural_at(position - 2 * width, width);
    const size_t keys = follow(position - 3 * width, width);
    if (count > kMostEntries) fail("a map of " + std::to_string(count) + " entries");
    if (key_width > 8 || !is_width(static_cast<size_t>(key_width))) fail("keys have no width");
    FlexMap result;
    for (size_t i = 0; i < count; ++i) {
      const size_t key = follow(keys + i * static_cast<size_t>(key_width), key_width);
      const uint8_t packed = byte(position + static_cast<size_t>(count) * width + i);
      if (auto value = read_value(position + i * width, width, packed)) {
        result.insert_or_assign(text_at(key), std::move(*value));
      }
    }
    return result;
  }

  std::string text_at(size_t position) const {
    const auto rest =
        at(position, std::min(bytes_.size() - std::min(position, bytes_.size()), kLongestKey));
    const auto end = std::find(rest.begin(), rest.end(), std::byte{0});
    if (end == rest.end()) fail("a key has no end");
    return {reinterpret_cast<const char*>(rest.data()), static_cast<size_t>(end - rest.begin())};
  }

  // Nothing for null.
  std::optional<FlexValue> read_value(size_t position, size_t width, uint8_t packed) const {
    const size_t own = size_t{1} << (packed & 3);
    switch (packed >> 2) {
      case FlexType::null:
        return std::nullopt;
      case FlexType::boolean:
        return natural_at(position, width) != 0;
      case FlexType::integer:
        return integer_at(position, width);
      case FlexType::natural:
        return signed_value(natural_at(position, width));
      case FlexType::real:
        return real_at(position, width);
      case FlexType::indirect_integer:
        return integer_at(follow(position, width), own);
      case FlexType::indirect_natural:
        return signed_value(natural_at(follow(position, width), own));
      case FlexType::indirect_real:
        return real_at(follow(position, width), own);
      default:
        return FlexOther{packed >> 2 == 4 || packed >> 2 == 5 ? "a text" : "no number"};
    }
  }

  static int64_t signed_value(uint64_t value) {
    if (value > INT64_MAX) fail("a number beyond 64 bits with sign");
    return static_cast<int64_t>(value);
  }

  std::span<const std::byte> bytes_;
};

// Everything in four bytes.
class FlexWriter {
 public:
  std::vector<std::byte> run(const FlexMap& map) {
    std::vector<size_t> keys;
    for (const auto& [key, value] : map) {
      keys.push_back(bytes_.size());
      for (const char letter : key) bytes_.push_back(static_cast<std::byte>(letter));
      bytes_.push_back(std::byte{0});
    }
    while (bytes_.size() % 4 != 0) bytes_.push_back(std::byte{0});
    put(static_cast<uint32_t>(map.size()));
    const size_t vector = bytes_.size();
    for (const size_t key : keys) put_offset(key);
    put_offset(vector);
    put(uint32_t{4});
    put(static_cast<uint32_t>(map.size()));
    const size_t values = bytes_.size();
    for (const auto& [key, value] : map) put(bits_of(value));
    for (const auto& [key, value] : map) put_type(type_of(value));
    while (bytes_.size() % 4 != 0) bytes_.push_back(std::byte{0});
    put_offset(values);
    put_type(FlexType::map);
    bytes_.push_back(std::byte{4});
    return std::move(bytes_);
  }

 private:
  void put(uint32_t value) {
    const auto raw = std::as_bytes(std::span(&value, 1));
    bytes_.insert(bytes_.end(), raw.begin(), raw.end());
  }
  void put_offset(size_t target) { put(static_cast<uint32_t>(bytes_.size() - target)); }
  void put_type(FlexType type) { bytes_.push_back(static_cast<std::byte>(type << 2 | 2)); }

  static FlexType type_of(const FlexValue& value) {
    if (std::holds_alternative<bool>(value)) return FlexType::boolean;
    if (std::holds_alternative<int64_t>(value)) return FlexType::integer;
    check(std::holds_alternative<double>(value), "a map of numbers");
    return FlexType::real;
  }
  static uint32_t bits_of(const FlexValue& value) {
    if (const bool* truth = std::get_if<bool>(&value)) return *truth ? 1 : 0;
    if (const auto* number = std::get_if<int64_t>(&value)) return static_cast<uint32_t>(*number);
    return std::bit_cast<uint32_t>(static_cast<float>(std::get<double>(value)));
  }

  std::vector<std::byte> bytes_;
};

}  // namespace

FlexMap read_flex_map(std::span<const std::byte> bytes) { return FlexReader(bytes).run(); }

std::vector<std::byte> write_flex_map(const FlexMap& map) { return FlexWriter().run(map); }

}  // namespace litesmith::tflite
