#include "formats/tflite/flexbuffer.h"

#include <flatbuffers/flexbuffers.h>

#include <cstring>
#include <utility>

#include "base/error.h"

namespace litesmith::tflite {
namespace {

// Many times what any operator has.
constexpr size_t kMostEntries = 1000;

[[noreturn]] void fail(const std::string& why) {
  throw Error(ErrorCode::format, "its custom options are no FlexBuffers map: " + why);
}

FlexValue value_of(const flexbuffers::Reference& value) {
  if (value.IsBool()) return value.AsBool();
  if (value.IsUInt() && value.AsUInt64() > INT64_MAX) fail("a number beyond 64 bits with sign");
  if (value.IsIntOrUint()) return value.AsInt64();
  if (value.IsFloat()) return value.AsDouble();
  return FlexOther{value.IsString() || value.IsKey() ? "a text" : "no number"};
}

}  // namespace

FlexMap read_flex_map(std::span<const std::byte> bytes) {
  // The library reads numbers where they lie, aligned to where the buffer begins.
  std::vector<uint64_t> aligned(bytes.size() / sizeof(uint64_t) + 1);
  if (!bytes.empty()) std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto* const buffer = reinterpret_cast<const uint8_t*>(aligned.data());
  if (!flexbuffers::VerifyBuffer(buffer, bytes.size())) fail("they are damaged");
  const flexbuffers::Reference root = flexbuffers::GetRoot(buffer, bytes.size());
  if (!root.IsMap()) fail("they hold something else");
  const flexbuffers::Map map = root.AsMap();
  if (map.size() > kMostEntries) fail("a map of " + std::to_string(map.size()) + " entries");
  FlexMap result;
  const flexbuffers::TypedVector keys = map.Keys();
  const flexbuffers::Vector values = map.Values();
  for (size_t i = 0; i < map.size(); ++i) {
    if (values[i].IsNull()) continue;
    result.insert_or_assign(keys[i].AsKey(), value_of(values[i]));
  }
  return result;
}

std::vector<std::byte> write_flex_map(const FlexMap& map) {
  flexbuffers::Builder builder;
  builder.Map([&] {
    for (const auto& [name, value] : map) {
      const char* const key = name.c_str();
      if (const bool* truth = std::get_if<bool>(&value)) {
        builder.Bool(key, *truth);
      } else if (const auto* integer = std::get_if<int64_t>(&value)) {
        builder.Int(key, *integer);
      } else {
        const double* const real = std::get_if<double>(&value);
        check(real != nullptr, "a map of numbers");
        builder.Float(key, static_cast<float>(*real));
      }
    }
  });
  builder.Finish();
  const auto made = std::as_bytes(std::span(builder.GetBuffer()));
  return {made.begin(), made.end()};
}

}  // namespace litesmith::tflite
