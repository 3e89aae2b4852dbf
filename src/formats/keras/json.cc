#include "formats/keras/json.h"

#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "base/error.h"

namespace litesmith::keras {
namespace {

[[noreturn]] void fail(std::string_view key, std::string_view why) {
  throw Error(ErrorCode::format,
              "its configuration's '" + std::string(key) + "' " + std::string(why));
}

// Builds a Json from rapidjson's events.
class Handler {
 public:
  static constexpr size_t kMaxDepth = 256;
  static constexpr size_t kMaxValues = 1'000'000;

  bool Null() { return add(Json()); }
  bool Bool(bool value) { return add(Json(value)); }
  // Asked for numbers as they are written, rapidjson calls none of these.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }
  // rapidjson 1.1 shifts by an undefined count when it reads 0e99 itself.
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    double value = 0;
    const auto [end, problem] = std::from_chars(text, text + size, value);
    return problem == std::errc() && end == text + size && add(Json(value));
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return add(Json(std::string(text, size)));
  }
  bool StartObject() { return open(true); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    open_.back().key.assign(text, size);
    return true;
  }
  bool EndObject(rapidjson::SizeType) {
    Json::Object members = std::move(open_.back().members);
    open_.pop_back();
    return add(Json(std::move(members)));
  }
  bool StartArray() { return open(false); }
  bool EndArray(rapidjson::SizeType) {
    Json::Array items = std::move(open_.back().items);
    open_.pop_back();
    return add(Json(std::move(items)));
  }

  Json take() { return std::move(root_); }

 private:
  struct Container {
    bool is_object;
    std::string key;
    Json::Array items;
    Json::Object members;
  };
  bool open(bool is_object) {
    if (open_.size() >= kMaxDepth) return false;
    open_.push_back({is_object, {}, {}, {}});
    return true;
  }
  bool add(Json value) {
    if (++values_ > kMaxValues) return false;
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_object) {
      open_.back().members.emplace_back(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }

  Json root_;
  std::vector<Container> open_;
  size_t values_ = 0;
};

}  // namespace

double Json::value() const {
  const auto* value = std::get_if<double>(&value_);
  return value != nullptr ? *value : std::numeric_limits<double>::quiet_NaN();
}

bool Json::truth() const {
  const auto* value = std::get_if<bool>(&value_);
  return value != nullptr && *value;
}

const std::string& Json::text() const {
  static const std::string none;
  const auto* value = std::get_if<std::string>(&value_);
  return value != nullptr ? *value : none;
}

const Json::Array& Json::items() const {
  static const Array none;
  const auto* value = std::get_if<Array>(&value_);
  return value != nullptr ? *value : none;
}

const Json::Object& Json::members() const {
  static const Object none;
  const auto* value = std::get_if<Object>(&value_);
  return value != nullptr ? *value : none;
}

const Json& Json::operator[](std::string_view key) const {
  static const Json none;
  for (const auto& [name, value] : members()) {
    if (name == key) return value;
  }
  return none;
}

bool Json::flag(std::string_view key, bool otherwise) const {
  const Json& member = (*this)[key];
  if (member.is_null()) return otherwise;
  if (!member.is_bool()) fail(key, "is neither true nor false");
  return std::get<bool>(member.value_);
}

double Json::number(std::string_view key) const {
  const Json& found = (*this)[key];
  const std::string& class_name = found["class_name"].text();
  const bool wrapped = class_name == "__numpy__" || class_name == "__tensor__";
  const Json& member = wrapped ? found["config"]["value"] : found;
  if (!member.is_number()) fail(key, member.is_null() ? "is missing" : "is no number");
  return member.value();
}

double Json::number(std::string_view key, double otherwise) const {
  return (*this)[key].is_null() ? otherwise : number(key);
}

int32_t Json::integer(std::string_view key) const {
  const Json& member = (*this)[key];
  if (member.is_null()) fail(key, "is missing");
  return to_integer(member, key);
}

int32_t Json::integer(std::string_view key, int32_t otherwise) const {
  return (*this)[key].is_null() ? otherwise : integer(key);
}

std::string Json::string(std::string_view key, std::string_view otherwise) const {
  const Json& member = (*this)[key];
  if (member.is_null()) return std::string(otherwise);
  if (!member.is_string()) fail(key, "is no text");
  return member.text();
}

std::vector<int32_t> Json::integers(std::string_view key, size_t count) const {
  const Json& member = (*this)[key];
  if (member.is_null()) fail(key, "is missing");
  if (member.is_number()) return std::vector<int32_t>(count, to_integer(member, key));
  if (member.items().size() != count) {
    fail(key, "is not " + std::to_string(count) + " integers");
  }
  std::vector<int32_t> result;
  for (const Json& item : member.items()) result.push_back(to_integer(item, key));
  return result;
}

int32_t to_integer(const Json& json, std::string_view what) {
  const double value = json.value();
  if (!(value >= INT32_MIN && value <= INT32_MAX) || value != std::trunc(value)) {
    fail(what, "is no integer of 32 bits");
  }
  return static_cast<int32_t>(value);
}

Json parse_json(std::string_view text, std::string_view what) {
  Handler handler;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseNanAndInfFlag |
                              rapidjson::kParseNumbersAsStringsFlag |
                              rapidjson::kParseValidateEncodingFlag;
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> input(stream);
  const rapidjson::ParseResult result = reader.Parse<kFlags>(input, handler);
  if (result.IsError()) {
    const bool ours = result.Code() == rapidjson::kParseErrorTermination;
    throw Error(ErrorCode::format,
                std::string(what) + " is no JSON that can be read, at byte " +
                    std::to_string(result.Offset()) + ": " +
                    (ours ? "a number beyond double, nested too deeply, or too many values"
                          : rapidjson::GetParseError_En(result.Code())));
  }
  return handler.take();
}

}  // namespace litesmith::keras
