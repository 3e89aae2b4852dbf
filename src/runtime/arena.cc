#include "runtime/arena.h"

#include <algorithm>
#include <numeric>

namespace litesmith {

ArenaLayout plan_arena(const std::vector<ArenaRequest>& requests, size_t alignment) {
  std::vector<size_t> order(requests.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return requests[a].bytes > requests[b].bytes; });
  ArenaLayout layout{std::vector<size_t>(requests.size(), 0), 0};
  std::vector<size_t> placed;  // by offset
  for (const size_t current : order) {
    const ArenaRequest& request = requests[current];
    size_t offset = 0;
    for (const size_t other : placed) {
      const ArenaRequest& neighbour = requests[other];
      const bool alive_together =
          request.first <= neighbour.last && neighbour.first <= request.last;
      if (!alive_together) continue;
      if (offset + request.bytes <= layout.offsets[other]) break;
      const size_t end = layout.offsets[other] + neighbour.bytes;
      offset = std::max(offset, (end + alignment - 1) / alignment * alignment);
    }
    layout.offsets[current] = offset;
    layout.bytes = std::max(layout.bytes, offset + request.bytes);
    const auto position = std::lower_bound(
        placed.begin(), placed.end(), offset,
        [&](size_t other, size_t wanted) { return layout.offsets[other] < wanted; });
    placed.insert(position, current);
  }
  return layout;
}

}  // namespace litesmith
