// A FlatBuffers table as its fields by slot: for tables that the trimmed schema leaves out (the
// options of operators) or that are newer than it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace litesmith::tflite {

struct Table;

struct Field {
  enum class Kind : uint8_t {
    scalar,    // a number or bool of `element_bytes`, its bits in `bits`
    elements,  // a vector of numbers of `element_bytes`, as bytes in `data`
    text,      // one string in `texts`
    texts,
    table,  // one table in `tables`
    tables,
  };

  Field(int slot_, Kind kind_, uint8_t element_bytes_ = 4);

  int slot;
  Kind kind;
  uint8_t element_bytes;
  uint8_t alignment;  // of the first element in the file
  uint64_t bits = 0;
  std::vector<std::byte> data;
  std::vector<std::string> texts;
  std::vector<Table> tables;

  friend bool operator==(const Field&, const Field&);
};

struct Table {
  std::vector<Field> fields;  // by ascending slot; a field at its default is usually absent

  bool empty() const { return fields.empty(); }
  const Field* find(int slot) const;

  // The number in `slot`; nothing when the slot is absent or no number of that size.
  template <class T>
  std::optional<T> scalar(int slot) const {
    static_assert(std::is_arithmetic_v<T>);
    const Field* field = find(slot);
    if (field == nullptr || field->kind != Field::Kind::scalar ||
        field->element_bytes != sizeof(T)) {
      return std::nullopt;
    }
    if constexpr (std::is_same_v<T, bool>) return field->bits != 0;
    T value;
    std::memcpy(&value, &field->bits, sizeof(T));
    return value;
  }
  // The vector in `slot`; nothing when the slot is absent or no vector of elements of that size.
  template <class T>
  std::optional<std::vector<T>> elements(int slot) const {
    const Field* field = find(slot);
    if (field == nullptr || field->kind != Field::Kind::elements ||
        field->element_bytes != sizeof(T)) {
      return std::nullopt;
    }
    std::vector<T> values(field->data.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), field->data.data(), field->data.size());
    return values;
  }
  std::optional<std::string_view> text(int slot) const;

  // Appends a field; slots are given in ascending order.
  template <class T>
  void add(int slot, T value) {
    static_assert(std::is_arithmetic_v<T>);
    Field field(slot, Field::Kind::scalar, sizeof(T));
    std::memcpy(&field.bits, &value, sizeof(T));
    fields.push_back(std::move(field));
  }
  template <class T>
  void add(int slot, const std::vector<T>& values) {
    Field field(slot, Field::Kind::elements, sizeof(T));
    field.data.resize(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(field.data.data(), values.data(), field.data.size());
    fields.push_back(std::move(field));
  }
  void add(int slot, std::string_view text);
  void add(int slot, Table table);

  friend bool operator==(const Table&, const Table&) = default;
};

// The content of a union: which table, and the table. A tag without a table, or the other way
// round, is kept as it was found.
struct Union {
  uint8_t tag = 0;
  std::optional<Table> table;
  friend bool operator==(const Union&, const Union&) = default;
};

// The unions of the format whose tables are read by slot.
enum class UnionKind { builtin_options, builtin_options_2, quantization_details, sparse_indices };

// What is in each slot of a known table, one letter a slot: b, h, i, l a scalar of 1, 2, 4 or 8
// bytes; B, H, I, L a vector of such; A a vector of bytes aligned to 16; s a string. Nothing for a
// table that is not known.
std::optional<std::string_view> table_layout(UnionKind kind, uint8_t tag);

}  // namespace litesmith::tflite
