// What the contenders are fed with: the same kind of numbers for all of them. Kernels take the same
// time for all numbers, so that they are only kept away from the ones that are special.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace litesmith {

enum class InputKind {
  float32,  // -1 to 1
  codes,    // integers of one or two bytes: every bit pattern
  zeros,    // everything else: indices, for instance, that must lie within a table
};

// The same bytes for the same size and seed, everywhere.
std::vector<std::byte> make_input(InputKind kind, size_t bytes, uint64_t seed);

}  // namespace litesmith
