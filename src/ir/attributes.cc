#include "ir/attributes.h"

#include <array>
#include <bit>
#include <charconv>
#include <string_view>
#include <type_traits>
#include <utility>

namespace litesmith {
namespace {

class ListSink : public AttributeSink {
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
    add(info, value, schema_default);
  }
  void put(const AttributeInfo& info, const std::string& value) override { add(info, value, {}); }
  void put(const AttributeInfo& info, const std::vector<int32_t>& value) override {
    add(info, value, {});
  }
  void put(const AttributeInfo& info, const std::vector<float>& value) override {
    add(info, value, {});
  }
  void put(const AttributeInfo& info, const std::vector<uint8_t>& value) override {
    add(info, value, {});
  }

  std::vector<Attribute> list;

 private:
  template <class T>
  void add(const AttributeInfo& info, const T& value, const std::type_identity_t<T>& fallback) {
    list.push_back({info, AttributeValue(value), AttributeValue(fallback)});
  }
};

// The shortest text that reads back to the same float.
std::string text_of(float value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}
std::string text_of(int32_t value) { return std::to_string(value); }

template <class T>
std::string list_text(const std::vector<T>& values) {
  std::string text = "[";
  for (const T value : values) text += (text.size() > 1 ? ", " : "") + text_of(value);
  return text + "]";
}

constexpr std::string_view kHexDigits = "0123456789abcdef";

// In quotes; what could end the quotes or the line is escaped.
std::string quoted(const std::string& value) {
  std::string text = "'";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\') {
      text += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7f) {
      text += {'\\', 'x', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
    } else {
      text += c;
    }
  }
  return text + "'";
}

std::string hex(const std::vector<uint8_t>& bytes) {
  std::string text = "0x";
  for (const uint8_t byte : bytes) text += {kHexDigits[byte >> 4], kHexDigits[byte & 15]};
  return text;
}

struct ValueText {
  const AttributeInfo& info;

  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(int8_t value) const {
    const size_t index = static_cast<uint8_t>(value);
    return index < info.names.size() ? std::string(info.names[index]) : std::to_string(value);
  }
  std::string operator()(int32_t value) const { return text_of(value); }
  std::string operator()(float value) const { return text_of(value); }
  std::string operator()(SubgraphIndex value) const { return "#" + text_of(value.index); }
  std::string operator()(const std::string& value) const { return quoted(value); }
  std::string operator()(const std::vector<int32_t>& value) const { return list_text(value); }
  std::string operator()(const std::vector<float>& value) const { return list_text(value); }
  std::string operator()(const std::vector<uint8_t>& value) const { return hex(value); }
};

bool same(float a, float b) { return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b); }

bool same(const AttributeValue& a, const AttributeValue& b) {
  if (a.index() != b.index()) return false;
  if (const auto* one = std::get_if<float>(&a)) return same(*one, std::get<float>(b));
  if (const auto* many = std::get_if<std::vector<float>>(&a)) {
    const auto& others = std::get<std::vector<float>>(b);
    return std::equal(many->begin(), many->end(), others.begin(), others.end(),
                      [](float x, float y) { return same(x, y); });
  }
  return a == b;
}

}  // namespace

std::vector<Attribute> attributes_of(const Op& op) {
  ListSink sink;
  op.put_attributes(sink);
  return std::move(sink.list);
}

std::string to_string(const Attribute& attribute) {
  return std::visit(ValueText{attribute.info}, attribute.value);
}

std::string attribute_text(const Op& op, bool all) {
  std::string text;
  for (const Attribute& attribute : attributes_of(op)) {
    if (attribute.is_default() && !all) continue;
    if (!text.empty()) text += ' ';
    text += std::string(attribute.info.name) + '=' + to_string(attribute);
  }
  return text;
}

bool equal_ops(const Op& a, const Op& b) {
  if (&a.def() != &b.def()) return false;
  const std::vector<Attribute> of_a = attributes_of(a);
  const std::vector<Attribute> of_b = attributes_of(b);
  return std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                    [](const Attribute& x, const Attribute& y) { return same(x.value, y.value); });
}

}  // namespace litesmith
