// JSON values as Python writes them (bare NaN and Infinity included), parsed within bounds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace litesmith::keras {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;  // in the file's order

  Json() = default;
  explicit Json(bool value) : value_(value) {}
  explicit Json(double value) : value_(value) {}
  explicit Json(std::string value) : value_(std::move(value)) {}
  explicit Json(Array value) : value_(std::move(value)) {}
  explicit Json(Object value) : value_(std::move(value)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_number() const { return std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  // What is asked for; when this is something else, an empty one, no number, or false.
  double value() const;
  bool truth() const;
  const std::string& text() const;
  const Array& items() const;
  const Object& members() const;
  // The member of that name; null when there is none, or when this is no object.
  const Json& operator[](std::string_view key) const;

  // Members of a configuration. Absent and null ones take `otherwise`; without it, and when the
  // member is of another kind, they throw Error(format) naming the key. A number may also be a
  // NumPy or TensorFlow scalar, which Keras writes as an object.
  bool flag(std::string_view key, bool otherwise) const;
  double number(std::string_view key) const;
  double number(std::string_view key, double otherwise) const;
  int32_t integer(std::string_view key) const;
  int32_t integer(std::string_view key, int32_t otherwise) const;
  std::string string(std::string_view key, std::string_view otherwise) const;
  // A list of `count` integers; one integer stands for all of them.
  std::vector<int32_t> integers(std::string_view key, size_t count) const;

 private:
  std::variant<std::monostate, bool, double, std::string, Array, Object> value_;
};

// This number as a 32-bit integer; throws Error(format) naming `what` when it is none.
int32_t to_integer(const Json& json, std::string_view what);

// Throws Error(format) naming `what`. Nesting and the number of values are limited, so that a
// small text cannot become a large value.
Json parse_json(std::string_view text, std::string_view what);

}  // namespace litesmith::keras
