// Where tensors lie in one block of memory, so that those alive at the same time do not overlap.
#pragma once

#include <cstddef>
#include <vector>

namespace litesmith {

struct ArenaRequest {
  size_t bytes;
  int first;  // the step that writes it
  int last;   // the last step that reads it
};

struct ArenaLayout {
  std::vector<size_t> offsets;
  size_t bytes = 0;
};

// Greedy by size: the largest tensor is placed first, each at the lowest offset where nothing
// alive at the same time lies (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
// Inference", 2020, algorithm 3). Offsets are multiples of `alignment`.
ArenaLayout plan_arena(const std::vector<ArenaRequest>& requests, size_t alignment = 64);

}  // namespace litesmith
