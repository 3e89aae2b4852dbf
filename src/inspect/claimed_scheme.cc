#include "inspect/claimed_scheme.h"

#include <array>
#include <cctype>
#include <string>
#include <vector>

namespace litesmith {
namespace {

struct Word {
  std::string_view word;
  Claim claim;
};
constexpr auto kWords = std::to_array<Word>({
    {"float32", Claim::float32},
    {"fp32", Claim::float32},
    {"f32", Claim::float32},
    {"float", Claim::float32},
    {"float16", Claim::float16},
    {"fp16", Claim::float16},
    {"f16", Claim::float16},
    {"half", Claim::float16},
    {"dynamic", Claim::dynamic_range},
    {"drq", Claim::dynamic_range},
    {"hybrid", Claim::dynamic_range},
    {"int8", Claim::int8},
    {"uint8", Claim::int8},
    {"i8", Claim::int8},
    {"int16x8", Claim::int16},
    {"16x8", Claim::int16},
    {"int16", Claim::int16},
});

// The letters and digits between other characters, in lower case, of the last part of a path.
std::vector<std::string> words(std::string_view name) {
  if (const size_t slash = name.rfind('/'); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  std::vector<std::string> result(1);
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      result.back() += static_cast<char>(std::tolower(byte));
    } else if (!result.back().empty()) {
      result.emplace_back();
    }
  }
  return result;
}

}  // namespace

std::string_view to_string(Claim claim) {
  switch (claim) {
    case Claim::float32:
      return "float32";
    case Claim::float16:
      return "float16";
    case Claim::dynamic_range:
      return "dynamic range";
    case Claim::int8:
      return "int8";
    case Claim::int16:
      return "int16";
  }
  return "";
}

std::optional<Claim> claimed_scheme(std::string_view name) {
  std::optional<Claim> claim;
  bool several = false;
  for (const std::string& word : words(name)) {
    for (const Word& known : kWords) {
      if (word != known.word) continue;
      // "dynamic_range_int8" says which type the weights of a dynamic range file have.
      if (known.claim == Claim::dynamic_range) return Claim::dynamic_range;
      several |= claim && *claim != known.claim;
      claim = known.claim;
    }
  }
  return several ? std::nullopt : claim;
}

}  // namespace litesmith
