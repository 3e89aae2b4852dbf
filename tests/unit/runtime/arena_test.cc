#include "runtime/arena.h"

#include <gtest/gtest.h>

#include <algorithm>
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

TEST(Arena, of_nothing_is_empty) { EXPECT_EQ(plan_arena({}).bytes, 0u); }

}  // namespace
}  // namespace litesmith
