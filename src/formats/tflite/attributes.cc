#include "formats/tflite/attributes.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace litesmith::tflite {
namespace {

class SlotSource : public AttributeSource {
 public:
  explicit SlotSource(const Table& table) : table_(table) {}

  bool get(const AttributeInfo& info, bool schema_default) override {
    return table_.scalar<bool>(info.slot).value_or(schema_default);
  }
  int8_t get(const AttributeInfo& info, int8_t schema_default) override {
    const int8_t value = table_.scalar<int8_t>(info.slot).value_or(schema_default);
    const bool exists = value >= 0 && static_cast<size_t>(value) < info.names.size();
    if (!info.names.empty() && !exists) {
      throw Error(ErrorCode::format,
                  std::string(info.name) + " is " + std::to_string(value) + ", which is no value");
    }
    return value;
  }
  int32_t get(const AttributeInfo& info, int32_t schema_default) override {
    return table_.scalar<int32_t>(info.slot).value_or(schema_default);
  }
  float get(const AttributeInfo& info, float schema_default) override {
    return table_.scalar<float>(info.slot).value_or(schema_default);
  }
  std::vector<int32_t> get(const AttributeInfo& info) override {
    return table_.elements<int32_t>(info.slot).value_or(std::vector<int32_t>());
  }

 private:
  const Table& table_;
};

class SlotSink : public AttributeSink {
 public:
  void put(const AttributeInfo& info, bool value, bool schema_default) override {
    add(info, value, schema_default);
  }
  void put(const AttributeInfo& info, int8_t value, int8_t schema_default) override {
    add(info, value, schema_default);
  }
  void put(const AttributeInfo& info, int32_t value, int32_t schema_default) override {
    add(info, value, schema_default);
  }
  void put(const AttributeInfo& info, float value, float schema_default) override {
    add(info, value, schema_default);
  }
  void put(const AttributeInfo& info, const std::vector<int32_t>& value) override {
    has_lists = true;
    if (!value.empty()) table.add(info.slot, value);
  }

  Table table;
  bool has_lists = false;

 private:
  template <class T>
  void add(const AttributeInfo& info, T value, T schema_default) {
    if (value != schema_default) table.add(info.slot, value);
  }
};

}  // namespace

std::shared_ptr<const Op> read_op(const OpDef& def, const Union& options) {
  static const Table kNone;
  const bool own = options.table.has_value() && options.tag == def.options_tag;
  SlotSource source(own ? *options.table : kNone);
  std::shared_ptr<Op> op = def.make();
  op->get_attributes(source);
  return op;
}

Union write_options(const Op& op) {
  const uint8_t tag = op.def().options_tag;
  if (tag == 0) return {};
  SlotSink sink;
  op.put_attributes(sink);
  if (sink.has_lists && sink.table.empty()) return {};
  std::sort(sink.table.fields.begin(), sink.table.fields.end(),
            [](const Field& a, const Field& b) { return a.slot < b.slot; });
  return {tag, std::move(sink.table)};
}

}  // namespace litesmith::tflite
