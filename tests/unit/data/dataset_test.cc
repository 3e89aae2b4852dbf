#include "data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "data/draw.h"
#include "testing/arrays.h"
#include "testing/random.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Dataset one_array(std::vector<int64_t> shape, const std::vector<float>& values) {
  return Dataset::of({{"", array_of(std::move(shape), values)}}, "x.npy");
}

TEST(Dataset, the_first_dimension_counts_the_samples) {
  const Dataset data = one_array({3, 2}, {0, 1, 2, 3, 4, 5});
  EXPECT_EQ(data.size(), 3u);
  EXPECT_THAT(data.sample_shape(0), ElementsAre(2));
  EXPECT_EQ(data.first_element(0, 2), 4u);
}

TEST(Dataset, arrays_without_samples_are_refused) {
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [] {
                               one_array({0, 2}, {});
                             }),
              HasSubstr("holds no samples"));
  EXPECT_THAT(thrown_message(ErrorCode::data, [] { one_array({}, {1}); }),
              HasSubstr("is a single number"));
}

TEST(Dataset, samples_may_have_no_elements) {
  const Dataset data = one_array({3, 0}, {});
  EXPECT_EQ(data.size(), 3u);
  EXPECT_EQ(data.first_element(0, 2), 0u);
}

TEST(Dataset, arrays_of_different_length_are_refused) {
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [] {
                               Dataset::of({{"a", array_of<float>({2, 1}, {1, 2})},
                                            {"b", array_of<float>({3}, {1, 2, 3})}},
                                           "x.npz");
                             }),
              HasSubstr("array 'b' holds 3 samples, array 'a' 2"));
}

TEST(Dataset, a_selection_remembers_the_rows) {
  const Dataset data = one_array({4, 1}, {0, 1, 2, 3}).select({3, 1});
  EXPECT_EQ(data.size(), 2u);
  EXPECT_EQ(data.row(0), 3u);
  EXPECT_EQ(data.select({1}).row(0), 1u);
  EXPECT_EQ(data.first_element(0, 1), 1u);
}

TEST(Dataset, a_draw_larger_than_the_set_is_the_set) {
  const Dataset data = one_array({4, 1}, {0, 1, 2, 3});
  EXPECT_EQ(data.draw(10, 1).size(), 4u);
  EXPECT_EQ(data.draw(4, 1).row(3), 3u);
}

TEST(Draw, positions_are_different_ascending_and_seeded) {
  const auto first = draw_positions(1000, 100, 7);
  EXPECT_EQ(first.size(), 100u);
  EXPECT_TRUE(std::is_sorted(first.begin(), first.end()));
  EXPECT_EQ(std::set<size_t>(first.begin(), first.end()).size(), 100u);
  EXPECT_LT(first.back(), 1000u);
  EXPECT_EQ(first, draw_positions(1000, 100, 7));
  EXPECT_NE(first, draw_positions(1000, 100, 8));
}

TEST(Draw, the_draw_of_a_seed_never_changes) {
  // Worked out by a second program (Floyd's algorithm over SplitMix64 in Python).
  EXPECT_THAT(draw_positions(100, 5, 1), ElementsAre(29, 44, 61, 64, 65));
}

TEST(Draw, every_position_is_as_likely_as_another) {
  std::vector<int> count(10, 0);
  for (uint64_t seed = 0; seed < 10000; ++seed) {
    for (const size_t position : draw_positions(10, 3, seed)) ++count[position];
  }
  // 3,000 expected, standard deviation sqrt(10000 * 0.3 * 0.7) = 46; five of them.
  for (const int each : count) EXPECT_NEAR(each, 3000, 230);
}

TEST(Finite, finite_data_of_any_type_passes) {
  check_finite(one_array({2, 2}, {0, -1e38f, 1e-45f, 3}));
  check_finite(Dataset::of({{"", array_of<int8_t>({2}, {1, -1})}}, "x.npy"));
}

TEST(Finite, the_first_bad_element_is_named_with_its_place) {
  const float nan = std::nanf("");
  std::vector<float> values(3 * 2 * 2, 1.0f);
  values[5] = nan;
  values[11] = std::numeric_limits<float>::infinity();
  EXPECT_THAT(
      thrown_message(ErrorCode::data,
                     [&] {
                       check_finite(one_array({3, 2, 2}, values));
                     }),
      HasSubstr("'x.npy' cannot be used: 2 of 3 samples hold NaN, first in sample 1 at [0, 1]"));
}

TEST(Finite, rows_are_those_of_the_file) {
  const Dataset data = one_array({2, 1}, {0, INFINITY}).select({1});
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { check_finite(data); }),
              HasSubstr("infinity, first in sample 1 at [0]"));
}

TEST(SharedSamples, equal_rows_are_counted_wherever_they_stand) {
  const Dataset a = one_array({3, 2}, {1, 2, 3, 4, 5, 6});
  const Dataset b = one_array({2, 2}, {5, 6, 2, 1});
  EXPECT_EQ(count_shared_samples(a, b), 1u);
  EXPECT_EQ(count_shared_samples(b, a), 1u);
  EXPECT_EQ(count_shared_samples(a, a), 3u);
}

TEST(SharedSamples, the_stored_type_does_not_matter) {
  const Dataset a = one_array({1, 2}, {1, 2});
  const Dataset b = Dataset::of({{"", array_of<int8_t>({1, 2}, {1, 2})}}, "b");
  EXPECT_EQ(count_shared_samples(a, b), 1u);
}

}  // namespace
}  // namespace litesmith
