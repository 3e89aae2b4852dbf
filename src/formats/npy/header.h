// The text at the head of a .npy file: a Python dict literal of exactly three keys.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace litesmith {

struct NpyHeader {
  std::string descr;  // "<f4"; a structured type arrives as the text of its list
  bool structured = false;
  bool fortran_order = false;
  std::vector<int64_t> shape;
};

// Accepts any order, spacing and quotes, Python 2's long integers (3L) and a trailing comma.
// Throws Error(format) saying what is missing.
NpyHeader parse_npy_header(std::string_view text);

}  // namespace litesmith
