// Where tensors lie in one block of memory, so that those alive at the same time do not overlap.
#pragma once

#include <cstddef>
#include <vector>

namespace litesmith {

// What kernels are promised of the memory they work on.
inline constexpr size_t kKernelAlignment = 64;

// The next multiple of the alignment; for sizes of memory that there is.
constexpr size_t round_up(size_t bytes, size_t alignment = kKernelAlignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

struct ArenaRequest {
  size_t bytes;
  int first;  // the step that writes it
  int last;   // the last step that reads it
};

struct ArenaLayout {
  std::vector<size_t> offsets;
  size_t bytes = 0;
};

// Offsets are multiples of `alignment`. By size first; where that misses the bound below, an exact
// search that gives up after a fixed number of steps, so that the same requests give the same
// layout on every machine.
ArenaLayout plan_arena(const std::vector<ArenaRequest>& requests,
                       size_t alignment = kKernelAlignment);

// The largest first, each at the lowest offset where nothing alive at the same time lies
// (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020,
// algorithm 3). Of equal ones the earlier goes first.
ArenaLayout plan_by_size(const std::vector<ArenaRequest>& requests, size_t alignment);

// What no layout can fall below: the most bytes alive at one step, each rounded up to the
// alignment but for the one that can lie last.
size_t arena_bound(const std::vector<ArenaRequest>& requests, size_t alignment);

}  // namespace litesmith
