#include "kernels/broadcast.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"

namespace litesmith::kernels {
namespace {

using Dims = std::vector<int32_t>;
using testing::ElementsAre;
using testing::Pair;

int64_t elements(const Dims& shape) {
  int64_t count = 1;
  for (const int32_t d : shape) count *= d;
  return count;
}

// Where each output element comes from, by the definition of broadcasting.
std::vector<std::pair<int64_t, int64_t>> by_definition(Dims a, Dims b) {
  while (a.size() < b.size()) a.insert(a.begin(), 1);
  while (b.size() < a.size()) b.insert(b.begin(), 1);
  Dims out(a.size());
  for (size_t i = 0; i < a.size(); ++i) out[i] = a[i] == 1 ? b[i] : a[i];
  std::vector<std::pair<int64_t, int64_t>> result;
  for (int64_t flat = 0; flat < elements(out); ++flat) {
    int64_t rest = flat;
    int64_t first = 0;
    int64_t second = 0;
    int64_t stride_first = 1;
    int64_t stride_second = 1;
    for (size_t i = out.size(); i-- > 0;) {
      const int64_t at = rest % out[i];
      rest /= out[i];
      first += a[i] == 1 ? 0 : at * stride_first;
      second += b[i] == 1 ? 0 : at * stride_second;
      stride_first *= a[i];
      stride_second *= b[i];
    }
    result.emplace_back(first, second);
  }
  return result;
}

std::vector<std::pair<int64_t, int64_t>> by_runs(const Broadcast& broadcast) {
  std::vector<std::pair<int64_t, int64_t>> result(
      static_cast<size_t>(broadcast.run() * broadcast.runs()));
  const int64_t step_first = broadcast.advance() == Advance::second ? 0 : 1;
  const int64_t step_second = broadcast.advance() == Advance::first ? 0 : 1;
  broadcast.for_each_run([&](int64_t out, int64_t first, int64_t second) {
    for (int64_t i = 0; i < broadcast.run(); ++i) {
      result[static_cast<size_t>(out + i)] = {first + i * step_first, second + i * step_second};
    }
  });
  return result;
}

TEST(Broadcast, visits_what_the_definition_says) {
  const std::vector<std::pair<Dims, Dims>> cases = {
      {{4, 5}, {4, 5}},
      {{}, {}},
      {{}, {7}},
      {{1}, {2, 3}},
      {{2, 3, 4, 5}, {5}},
      {{2, 3, 4, 5}, {2, 1, 1, 5}},
      {{2, 1, 4, 1}, {1, 3, 1, 5}},
      {{2, 3, 1}, {1, 3, 4}},
      {{3, 1, 4, 1, 5}, {1, 2, 4, 3, 1}},
      {{2, 1, 3, 1, 2, 1, 3}, {1, 2, 1, 2, 1, 2, 1}},
      {{1, 1, 1}, {1, 1}},
  };
  for (const auto& [a, b] : cases) {
    EXPECT_EQ(by_runs(Broadcast(a, b)), by_definition(a, b));
    EXPECT_EQ(by_runs(Broadcast(b, a)), by_definition(b, a));
  }
}

TEST(Broadcast, merges_dimensions_that_behave_alike) {
  const Broadcast equal(Dims{2, 3, 4}, Dims{2, 3, 4});
  EXPECT_TRUE(equal.is_plain());
  EXPECT_EQ(equal.run(), 24);
  EXPECT_EQ(equal.runs(), 1);

  const Broadcast channels(Dims{2, 7, 7, 16}, Dims{1, 1, 1, 16});
  EXPECT_EQ(channels.advance(), Advance::both);
  EXPECT_EQ(channels.run(), 16);
  EXPECT_EQ(channels.runs(), 98);

  const Broadcast scalar(Dims{2, 3}, Dims{1, 1});
  EXPECT_EQ(scalar.advance(), Advance::first);
  EXPECT_EQ(scalar.run(), 6);
  EXPECT_FALSE(scalar.is_plain());
}

TEST(Broadcast, of_nothing_has_no_runs) {
  EXPECT_EQ(Broadcast(Dims{0, 3}, Dims{3}).runs(), 0);
  EXPECT_EQ(Broadcast(Dims{2, 0}, Dims{2, 1}).runs(), 0);
}

TEST(Broadcast, fits_five_loops_unless_a_shape_repeats_in_more_ways) {
  EXPECT_TRUE(Broadcast(Dims{2, 3, 4}, Dims{2, 3, 4}).fits_five_loops());
  EXPECT_TRUE(Broadcast(Dims{2, 3, 1}, Dims{1, 3, 4}).fits_five_loops());
  EXPECT_TRUE(Broadcast(Dims{5, 2, 3, 1, 6}, Dims{5, 1, 3, 4, 6}).fits_five_loops());
  EXPECT_FALSE(Broadcast(Dims{2, 3, 1, 6, 1}, Dims{1, 3, 4, 6, 5}).fits_five_loops());
  EXPECT_FALSE(Broadcast(Dims{2, 3, 4, 5}, Dims{2, 1, 4, 1}).fits_five_loops());
}

TEST(Broadcast, refuses_more_kinds_of_dimensions_than_it_has_loops) {
  Dims a(12, 1);
  Dims b(12, 1);
  for (size_t i = 0; i < 12; ++i) (i % 2 == 0 ? a : b)[i] = 2;
  EXPECT_THROW(Broadcast(a, b), Error);
}

}  // namespace
}  // namespace litesmith::kernels
