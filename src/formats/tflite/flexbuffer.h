// FlexBuffers (flatbuffers.dev), by its library, as far as options of custom operators need them: a
// map from names to numbers.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace litesmith::tflite {

// Anything but a number, such as a text or a vector, is kept as its type's name.
struct FlexOther {
  std::string type;
};
using FlexValue = std::variant<bool, int64_t, double, FlexOther>;
using FlexMap = std::map<std::string, FlexValue, std::less<>>;

// Entries that are null are left out. Throws Error(format) when the bytes are no map.
FlexMap read_flex_map(std::span<const std::byte> bytes);

// Of numbers only. Reals are written as float.
std::vector<std::byte> write_flex_map(const FlexMap& map);

}  // namespace litesmith::tflite
