#include "formats/npy/header.h"

#include <charconv>
#include <optional>

#include "base/error.h"

namespace litesmith {
namespace {

// NumPy itself refuses arrays of more dimensions.
constexpr size_t kMaximumRank = 64;

class Literal {
 public:
  explicit Literal(std::string_view text) : text_(text) {}

  [[noreturn]] void fail(std::string_view expected) const {
    throw Error(ErrorCode::format, "the .npy header is damaged: expected " + std::string(expected) +
                                       " at its character " + std::to_string(position_));
  }

  char peek() {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
    return position_ < text_.size() ? text_[position_] : '\0';
  }
  bool accept(char wanted) {
    if (peek() != wanted) return false;
    ++position_;
    return true;
  }
  void expect(char wanted) {
    if (!accept(wanted)) fail(std::string("'") + wanted + "'");
  }
  bool at_end() { return peek() == '\0' && position_ >= text_.size(); }

  std::string string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail("a quoted text");
    const size_t end = text_.find(quote, ++position_);
    if (end == std::string_view::npos) fail("a closing quote");
    std::string result(text_.substr(position_, end - position_));
    position_ = end + 1;
    return result;
  }

  bool boolean() {
    peek();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>{"True", true},
                                      std::pair<std::string_view, bool>{"False", false}}) {
      if (text_.substr(position_, word.size()) == word) {
        position_ += word.size();
        return value;
      }
    }
    fail("True or False");
  }

  int64_t size() {
    peek();
    int64_t value = 0;
    const char* begin = text_.data() + position_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc() || value < 0) fail("a dimension from 0 to 2^63 - 1");
    position_ += static_cast<size_t>(end - begin);
    accept('L');
    return value;
  }

  // A tuple of sizes: (), (3,), (2, 3).
  std::vector<int64_t> sizes() {
    std::vector<int64_t> result;
    expect('(');
    while (!accept(')')) {
      result.push_back(size());
      if (result.size() > kMaximumRank) fail("at most 64 dimensions");
      if (accept(')')) break;
      expect(',');
    }
    return result;
  }

  // The text of a bracketed list, brackets included.
  std::string list_text() {
    peek();
    const size_t begin = position_;
    int depth = 0;
    do {
      if (position_ >= text_.size()) fail("a closing bracket");
      const char c = text_[position_++];
      if (c == '[') ++depth;
      if (c == ']') --depth;
    } while (depth > 0);
    return std::string(text_.substr(begin, position_ - begin));
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  std::string_view text_;
  size_t position_ = 0;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text) {
  Literal literal(text);
  NpyHeader header;
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<int64_t>> shape;
  literal.expect('{');
  while (!literal.accept('}')) {
    const std::string key = literal.string();
    literal.expect(':');
    if (key == "descr") {
      header.structured = literal.peek() == '[';
      descr = header.structured ? literal.list_text() : literal.string();
    } else if (key == "fortran_order") {
      fortran_order = literal.boolean();
    } else if (key == "shape") {
      shape = literal.sizes();
    } else {
      literal.fail("one of the keys descr, fortran_order and shape, not '" + key + "'");
    }
    if (literal.accept('}')) break;
    literal.expect(',');
  }
  if (!literal.at_end()) literal.fail("nothing behind the dict");
  if (!descr || !fortran_order || !shape) literal.fail("the keys descr, fortran_order and shape");
  header.descr = std::move(*descr);
  header.fortran_order = *fortran_order;
  header.shape = std::move(*shape);
  return header;
}

}  // namespace litesmith
