#include "formats/tflite/table.h"

#include <algorithm>
#include <utility>

namespace litesmith::tflite {

bool operator==(const Field& a, const Field& b) {
  return a.slot == b.slot && a.kind == b.kind && a.element_bytes == b.element_bytes &&
         a.alignment == b.alignment && a.bits == b.bits && a.data == b.data && a.texts == b.texts &&
         a.tables == b.tables;
}

Field::Field(int slot_, Kind kind_, uint8_t element_bytes_)
    : slot(slot_),
      kind(kind_),
      element_bytes(element_bytes_),
      alignment(std::max<uint8_t>(element_bytes_, 4)) {}

const Field* Table::find(int slot) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return field.slot == slot; });
  return found == fields.end() ? nullptr : &*found;
}

std::optional<std::string_view> Table::text(int slot) const {
  const Field* field = find(slot);
  if (field == nullptr || field->kind != Field::Kind::text) return std::nullopt;
  return field->texts.at(0);
}

void Table::add(int slot, std::string_view text) {
  Field field(slot, Field::Kind::text);
  field.texts.emplace_back(text);
  fields.push_back(std::move(field));
}

void Table::add(int slot, Table table) {
  Field field(slot, Field::Kind::table);
  field.tables.push_back(std::move(table));
  fields.push_back(std::move(field));
}

}  // namespace litesmith::tflite
