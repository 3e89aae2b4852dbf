#include "base/arena.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "testing/random.h"

namespace litesmith {
namespace {

void expect_sound(const std::vector<ArenaRequest>& requests, const ArenaLayout& layout,
                  size_t alignment) {
  ASSERT_EQ(layout.offsets.size(), requests.size());
  for (size_t a = 0; a < requests.size(); ++a) {
    EXPECT_EQ(layout.offsets[a] % alignment, 0u);
    EXPECT_LE(layout.offsets[a] + requests[a].bytes, layout.bytes);
    for (size_t b = 0; b < a; ++b) {
      const bool together =
          requests[a].first <= requests[b].last && requests[b].first <= requests[a].last;
      const bool apart = layout.offsets[a] + requests[a].bytes <= layout.offsets[b] ||
                         layout.offsets[b] + requests[b].bytes <= layout.offsets[a];
      EXPECT_TRUE(!together || apart || requests[a].bytes == 0 || requests[b].bytes == 0)
          << a << " and " << b;
    }
  }
}

TEST(Arena, tensors_alive_together_never_overlap) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<ArenaRequest> requests(static_cast<size_t>(random.between(0, 40)));
    for (ArenaRequest& request : requests) {
      request.bytes = static_cast<size_t>(random.between(0, 2000));
      request.first = random.between(-1, 30);
      request.last = random.between(request.first, 31);
    }
    const size_t alignment = round % 2 == 0 ? 64 : 16;
    expect_sound(requests, plan_arena(requests, alignment), alignment);
  }
}

TEST(Arena, a_chain_needs_its_two_largest_neighbours) {
  // Each lives while the next is made from it.
  const std::vector<ArenaRequest> chain = {{640, -1, 0}, {6400, 0, 1}, {1280, 1, 2}, {64, 2, 3}};
  EXPECT_EQ(plan_arena(chain).bytes, 6400u + 1280u);
}

TEST(Arena, a_gap_between_two_others_is_used) {
  // The long-lived one lies behind the largest; the small one fits where the largest was.
  const std::vector<ArenaRequest> requests = {{1024, 0, 1}, {512, 0, 9}, {256, 5, 9}};
  const ArenaLayout layout = plan_arena(requests);
  EXPECT_EQ(layout.bytes, 1536u);
  EXPECT_EQ(layout.offsets[2], 0u);
}

// The fewest bytes of all orders of placing each at the lowest offset that is free; some order
// gives a best layout.
size_t fewest_bytes(const std::vector<ArenaRequest>& requests, size_t alignment) {
  std::vector<size_t> order(requests.size());
  std::iota(order.begin(), order.end(), size_t{0});
  size_t best = SIZE_MAX;
  do {
    std::vector<size_t> offsets(requests.size(), 0);
    size_t bytes = 0;
    for (size_t k = 0; k < order.size(); ++k) {
      const ArenaRequest& request = requests[order[k]];
      // Every offset that a neighbour's end gives, and 0.
      size_t lowest = SIZE_MAX;
      for (size_t candidate = 0; candidate <= k; ++candidate) {
        size_t offset = 0;
        if (candidate > 0) {
          const size_t other = order[candidate - 1];
          offset = (offsets[other] + requests[other].bytes + alignment - 1) / alignment * alignment;
        }
        bool is_free = true;
        for (size_t j = 0; j < k; ++j) {
          const ArenaRequest& other = requests[order[j]];
          const bool together = request.first <= other.last && other.first <= request.last;
          const bool apart = offset + request.bytes <= offsets[order[j]] ||
                             offsets[order[j]] + other.bytes <= offset;
          is_free &= !together || apart;
        }
        if (is_free) lowest = std::min(lowest, offset);
      }
      offsets[order[k]] = lowest;
      bytes = std::max(bytes, lowest + request.bytes);
    }
    best = std::min(best, bytes);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(Arena, takes_as_few_bytes_as_trying_everything) {
  Random random(7);
  int greedy_misses = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<ArenaRequest> requests(static_cast<size_t>(random.between(2, 6)));
    for (ArenaRequest& request : requests) {
      request.bytes = static_cast<size_t>(random.between(1, 12)) * 16;
      if (round % 4 == 0) request.bytes += static_cast<size_t>(random.between(0, 15));
      request.first = random.between(0, 6);
      request.last = random.between(request.first, 7);
    }
    const ArenaLayout layout = plan_arena(requests, 16);
    expect_sound(requests, layout, 16);
    EXPECT_EQ(layout.bytes, fewest_bytes(requests, 16)) << "round " << round;
    EXPECT_GE(layout.bytes, arena_bound(requests, 16));
    greedy_misses += plan_by_size(requests, 16).bytes > layout.bytes ? 1 : 0;
  }
  EXPECT_GT(greedy_misses, 0);  // the search had something to do
}

TEST(Arena, the_search_comes_to_an_end) {
  Random random(3);
  std::vector<ArenaRequest> requests(200);
  for (ArenaRequest& request : requests) {
    request.bytes = static_cast<size_t>(random.between(1, 100'000));
    request.first = random.between(0, 150);
    request.last = request.first + random.between(0, 20);
  }
  const ArenaLayout layout = plan_arena(requests);
  expect_sound(requests, layout, 64);
  EXPECT_LE(layout.bytes, plan_by_size(requests, 64).bytes);
  EXPECT_EQ(plan_arena(requests).offsets, layout.offsets);
}

TEST(Arena, of_nothing_is_empty) { EXPECT_EQ(plan_arena({}).bytes, 0u); }

}  // namespace
}  // namespace litesmith
