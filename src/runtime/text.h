// Text while a graph runs: an element of a STRING tensor is the address of a text that is kept
// elsewhere (a constant's in the plan, an input's in the interpreter), null for the empty one. So
// an op that moves elements of 8 bytes moves text, and no run allocates.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace litesmith {

using TextElement = const std::string*;
inline constexpr int kTextBits = 64;
inline constexpr size_t kTextBytes = kTextBits / 8;
static_assert(sizeof(TextElement) == kTextBytes);

// The elements of a STRING buffer of a .tflite file: int32 count, count + 1 int32 offsets from the
// buffer's begin, then the bytes. Throws Error(format) when that does not fit the buffer.
std::vector<std::string> parse_texts(std::span<const std::byte> buffer);

std::vector<TextElement> addresses_of(const std::vector<std::string>& texts);

// What the elements of inputs of text point to.
class InputTexts {
 public:
  // Keeps the texts instead of those input `i` had, and writes their addresses to its memory, which
  // has room for just as many.
  void set(size_t i, std::vector<std::string> texts, std::span<std::byte> memory);

 private:
  std::vector<std::vector<std::string>> texts_;  // by input
};

// The elements that a tensor's memory names.
std::vector<std::string_view> texts_at(std::span<const std::byte> memory);

}  // namespace litesmith
