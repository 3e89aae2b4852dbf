#include "formats/tflite/attributes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "formats/tflite/custom_options.h"
#include "ops/ops.h"

namespace litesmith::tflite {
namespace {

class SlotSource : public AttributeSource {
 public:
  explicit SlotSource(const Table& table) : table_(table) {}

  bool get(const AttributeInfo& info, bool schema_default) override {
    return table_.scalar<bool>(info.slot).value_or(schema_default);
  }
  int8_t get(const AttributeInfo& info, int8_t schema_default) override {
    return table_.scalar<int8_t>(info.slot).value_or(schema_default);
  }
  int32_t get(const AttributeInfo& info, int32_t schema_default) override {
    return table_.scalar<int32_t>(info.slot).value_or(schema_default);
  }
  float get(const AttributeInfo& info, float schema_default) override {
    return table_.scalar<float>(info.slot).value_or(schema_default);
  }
  SubgraphIndex get(const AttributeInfo& info, SubgraphIndex schema_default) override {
    return {table_.scalar<int32_t>(info.slot).value_or(schema_default.index)};
  }
  void get(const AttributeInfo& info, std::string& value) override {
    value = table_.text(info.slot).value_or("");
  }
  void get(const AttributeInfo& info, std::vector<int32_t>& value) override { fill(info, value); }
  void get(const AttributeInfo& info, std::vector<float>& value) override { fill(info, value); }
  void get(const AttributeInfo& info, std::vector<uint8_t>& value) override { fill(info, value); }

 private:
  template <class T>
  void fill(const AttributeInfo& info, std::vector<T>& value) {
    value = table_.elements<T>(info.slot).value_or(std::vector<T>());
  }
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
  void put(const AttributeInfo& info, SubgraphIndex value, SubgraphIndex schema_default) override {
    add(info, value.index, schema_default.index);
  }
  void put(const AttributeInfo& info, const std::string& value) override {
    if (!value.empty()) table.add(info.slot, std::string_view(value));
  }
  void put(const AttributeInfo& info, const std::vector<int32_t>& value) override {
    add_list(info, value);
  }
  void put(const AttributeInfo& info, const std::vector<float>& value) override {
    add_list(info, value);
  }
  void put(const AttributeInfo& info, const std::vector<uint8_t>& value) override {
    add_list(info, value);
  }

  Table table;
  bool has_lists = false;

 private:
  template <class T>
  void add(const AttributeInfo& info, T value, T schema_default) {
    if (value != schema_default) table.add(info.slot, value);
  }
  template <class T>
  void add_list(const AttributeInfo& info, const std::vector<T>& value) {
    has_lists = true;
    if (!value.empty()) table.add(info.slot, value);
  }
};

// The first union was full: from STABLEHLO_LOGISTIC on, tables stand in the second.
bool in_second_union(const OpDef& def) { return def.code >= 162; }

}  // namespace

std::shared_ptr<const Op> read_op(const OpDef& def, const Operator& from) {
  if (def.code == kCustomOp) return read_custom_op(def, from.custom_options.span());
  static const Table kNone;
  const Union& options = in_second_union(def) ? from.options_2 : from.options;
  const bool own = options.table.has_value() && options.tag == def.options_tag;
  SlotSource source(own ? *options.table : kNone);
  std::shared_ptr<Op> op = def.make();
  op->get_attributes(source);
  return op;
}

void write_options(const Op& op, Operator& to) {
  if (op.def().code == kCustomOp) {
    to.custom_options.data = litesmith::Buffer::of(custom_options(op));
    return;
  }
  const uint8_t tag = op.def().options_tag;
  if (tag == 0) return;
  SlotSink sink;
  op.put_attributes(sink);
  if (sink.has_lists && sink.table.empty()) return;
  std::sort(sink.table.fields.begin(), sink.table.fields.end(),
            [](const Field& a, const Field& b) { return a.slot < b.slot; });
  (in_second_union(op.def()) ? to.options_2 : to.options) = {tag, std::move(sink.table)};
}

}  // namespace litesmith::tflite
