#include "base/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace litesmith {
namespace {

std::string not_finite(double value) {
  if (std::isnan(value)) return "nan";
  return value < 0 ? "-inf" : "inf";
}

// Characters, not bytes: a terminal shows "–" as one.
size_t width_of(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
  }));
}

std::string padded(const std::string& text, size_t width, bool left) {
  const std::string blank(width - std::min(width, width_of(text)), ' ');
  return left ? text + blank : blank + text;
}

}  // namespace

std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return not_finite(value);
  std::array<char, 400> memory;
  const auto end = std::to_chars(memory.data(), memory.data() + memory.size(), value,
                                 std::chars_format::fixed, digits)
                       .ptr;
  std::string text(memory.data(), end);
  // Minus zero says nothing.
  if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string shortest(double value) {
  if (!std::isfinite(value)) return not_finite(value);
  std::array<char, 64> memory;
  return {memory.data(), std::to_chars(memory.data(), memory.data() + memory.size(), value).ptr};
}

std::string short_number(double value) {
  if (!std::isfinite(value)) return not_finite(value);
  std::array<char, 64> memory;
  return {memory.data(), std::to_chars(memory.data(), memory.data() + memory.size(), value,
                                       std::chars_format::general, 6)
                             .ptr};
}

std::string with_commas(size_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string kilobytes(size_t bytes) { return fixed(static_cast<double>(bytes) / 1000, 1) + " kB"; }

std::string percent(double share) { return fixed(share * 100, 2) + "%"; }

std::string plural(size_t count, std::string_view noun) {
  return with_commas(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string aligned(const std::vector<std::vector<std::string>>& rows, std::vector<bool> left) {
  std::vector<size_t> width(left.size(), 0);
  for (const auto& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], width_of(row[c]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t c = 0; c < row.size(); ++c) {
      line += (c == 0 ? "" : "  ") + padded(row[c], width[c], left[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string markdown_table(const std::vector<std::vector<std::string>>& rows,
                           std::vector<bool> left) {
  std::string text;
  for (size_t r = 0; r < rows.size(); ++r) {
    text += "|";
    for (std::string cell : rows[r]) {
      for (size_t at = 0; (at = cell.find('|', at)) != std::string::npos; at += 2) {
        cell.insert(at, "\\");
      }
      text += " " + cell + " |";
    }
    text += "\n";
    if (r > 0) continue;
    text += "|";
    for (const bool is_left : left) text += is_left ? "---|" : "---:|";
    text += "\n";
  }
  return text;
}

}  // namespace litesmith
