#include "benchmark/turn.h"

#include <gtest/gtest.h>

namespace litesmith {
namespace {

TEST(Quantile, is_the_smallest_value_that_the_share_does_not_exceed) {
  const Times times = {5, 1, 4, 2, 3};
  EXPECT_EQ(median(times), 3);
  EXPECT_EQ(quantile(times, 0), 1);
  EXPECT_EQ(quantile(times, 0.2), 1);
  EXPECT_EQ(quantile(times, 0.21), 2);
  EXPECT_EQ(quantile(times, 0.95), 5);
  EXPECT_EQ(quantile(times, 1), 5);
}

TEST(Quantile, of_an_even_number_is_a_value_that_was_seen) { EXPECT_EQ(median({4, 1, 3, 2}), 2); }

TEST(Quantile, of_nothing_is_zero) { EXPECT_EQ(median({}), 0); }

TEST(TurnTimer, takes_at_least_three_samples_of_long_work) {
  size_t invocations = 0;
  volatile double sink = 1;
  TurnTimer timer([&](size_t times) {
    invocations += times;
    for (size_t i = 0; i < times * 200'000; ++i) sink = sink * 1.0000001;
  });
  invocations = 0;
  const Times times = timer.take(0);
  EXPECT_EQ(times.size(), 3u);
  EXPECT_EQ(invocations, 3u) << "work of a sample's length is not repeated within it";
  for (const double us : times) EXPECT_GT(us, 0);
}

TEST(TurnTimer, repeats_short_work_within_a_sample) {
  size_t invocations = 0;
  volatile double sink = 1;
  TurnTimer timer([&](size_t times) {
    invocations += times;
    for (size_t i = 0; i < times; ++i) sink = sink * 1.0000001;
  });
  invocations = 0;
  EXPECT_EQ(timer.take(0).size(), 3u);
  EXPECT_GT(invocations, 30u);
}

}  // namespace
}  // namespace litesmith
