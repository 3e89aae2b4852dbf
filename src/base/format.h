// Numbers as text, the same in every locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace litesmith {

// With exactly `digits` digits behind the point; "nan", "inf" and "-inf" as such.
std::string fixed(double value, int digits);
// The shortest text that reads back as the same number.
std::string shortest(double value);
// At most six digits: "29.7648", "1.9e-15".
std::string short_number(double value);
// 82944 -> "82,944"
std::string with_commas(size_t number);
// 82944 -> "82.9 kB": thousands of bytes, never KiB.
std::string kilobytes(size_t bytes);
// 0.93617 -> "93.62%"
std::string percent(double share);
std::string plural(size_t count, std::string_view noun);  // "1 sample", "2 samples"

// Rows of cells as lines of aligned columns; the first row is the head. `left` tells the columns
// that hold text.
std::string aligned(const std::vector<std::vector<std::string>>& rows, std::vector<bool> left);
std::string markdown_table(const std::vector<std::vector<std::string>>& rows,
                           std::vector<bool> left);

}  // namespace litesmith
