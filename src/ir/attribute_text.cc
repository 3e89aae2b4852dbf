#include "ir/attribute_text.h"

#include <array>
#include <charconv>

namespace litesmith {
namespace {

class TextSink : public AttributeSink {
 public:
  explicit TextSink(bool all) : all_(all) {}

  void put(const AttributeInfo& info, bool value, bool schema_default) override {
    if (all_ || value != schema_default) add(info, value ? "true" : "false");
  }
  void put(const AttributeInfo& info, int8_t value, int8_t schema_default) override {
    if (!all_ && value == schema_default) return;
    const size_t index = static_cast<uint8_t>(value);
    add(info, index < info.names.size() ? std::string(info.names[index]) : std::to_string(value));
  }
  void put(const AttributeInfo& info, int32_t value, int32_t schema_default) override {
    if (all_ || value != schema_default) add(info, std::to_string(value));
  }
  void put(const AttributeInfo& info, float value, float schema_default) override {
    if (!all_ && value == schema_default) return;
    std::array<char, 32> digits;  // shortest text that reads back to the same float
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    add(info, std::string(digits.data(), end));
  }
  void put(const AttributeInfo& info, const std::vector<int32_t>& value) override {
    if (all_ || !value.empty()) add(info, to_string(value));
  }

  std::string text;

 private:
  void add(const AttributeInfo& info, const std::string& value) {
    if (!text.empty()) text += ' ';
    text += std::string(info.name) + '=' + value;
  }
  bool all_;
};

}  // namespace

std::string attribute_text(const Op& op, bool all) {
  TextSink sink(all);
  op.put_attributes(sink);
  return sink.text;
}

}  // namespace litesmith
