#include "runtime/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/byte_cursor.h"
#include "base/error.h"

namespace litesmith {

std::vector<std::string> parse_texts(std::span<const std::byte> buffer) {
  ByteCursor cursor(buffer, 0, "the text buffer");
  const auto count = cursor.read<uint32_t>();
  if (count >= buffer.size() / sizeof(uint32_t)) {
    throw Error(ErrorCode::format, "a buffer of " + std::to_string(buffer.size()) +
                                       " bytes does not hold " + std::to_string(count) + " texts");
  }
  std::vector<size_t> offsets;
  for (size_t i = 0; i <= count; ++i) offsets.push_back(cursor.read<uint32_t>());
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i) {
    if (offsets[i] > offsets[i + 1] || offsets[i + 1] > buffer.size()) {
      throw Error(ErrorCode::format, "text " + std::to_string(i) + " lies at bytes " +
                                         std::to_string(offsets[i]) + " to " +
                                         std::to_string(offsets[i + 1]) + " of " +
                                         std::to_string(buffer.size()));
    }
    ByteCursor text(buffer, offsets[i], "the text buffer");
    texts.emplace_back(text.text(offsets[i + 1] - offsets[i]));
  }
  return texts;
}

std::vector<TextElement> addresses_of(const std::vector<std::string>& texts) {
  std::vector<TextElement> addresses;
  addresses.reserve(texts.size());
  for (const std::string& text : texts) addresses.push_back(&text);
  return addresses;
}

void InputTexts::set(size_t i, std::vector<std::string> texts, std::span<std::byte> memory) {
  check(texts.size() * kTextBytes == memory.size(), "as many texts as the input has elements");
  if (i >= texts_.size()) texts_.resize(i + 1);
  texts_[i] = std::move(texts);
  const std::vector<TextElement> elements = addresses_of(texts_[i]);
  const auto bytes = std::as_bytes(std::span(elements));
  std::copy(bytes.begin(), bytes.end(), memory.begin());
}

std::vector<std::string_view> texts_at(std::span<const std::byte> memory) {
  std::vector<std::string_view> texts;
  for (size_t at = 0; at + kTextBytes <= memory.size(); at += kTextBytes) {
    TextElement element = nullptr;
    std::memcpy(&element, memory.data() + at, kTextBytes);
    texts.push_back(element == nullptr ? std::string_view() : std::string_view(*element));
  }
  return texts;
}

}  // namespace litesmith
