// A row of docs/operators.md: what an importer makes of a layer or operator.
#pragma once

#include <string_view>

namespace litesmith::compose {

struct Becomes {
  std::string_view name;
  // LiteRT's operators by name, separated by blanks: those that a float32 file of it holds, in one
  // of its settings or another. What vanishes has no row.
  std::string_view ops;
};

}  // namespace litesmith::compose
