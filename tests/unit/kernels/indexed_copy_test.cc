#include "kernels/indexed_copy.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/error.h"
#include "kernels/fill.h"
#include "kernels/gather.h"

namespace litesmith::kernels {
namespace {

using Ints = std::vector<int32_t>;

const std::byte* bytes(const Ints& ints) { return reinterpret_cast<const std::byte*>(ints.data()); }
std::byte* bytes(Ints& ints) { return reinterpret_cast<std::byte*>(ints.data()); }

TEST(IndexedCopy, takes_each_element_from_where_its_tables_say) {
  Ints in(2 * 3 * 2);
  std::iota(in.begin(), in.end(), 0);
  Ints out(3 * 2 * 2);
  const IndexedCopy copy(sizeof(int32_t), {2, 3, 2}, {{1, 0, 1}, {2, 0}, {0, 1}});
  copy(bytes(in), bytes(out));
  EXPECT_EQ(out, (Ints{10, 11, 6, 7, 4, 5, 0, 1, 10, 11, 6, 7}));
}

TEST(IndexedCopy, of_everything_is_one_block) {
  Ints in = {1, 2, 3, 4};
  Ints out(4);
  const IndexedCopy copy(sizeof(int32_t), {2, 2}, {{0, 1}, {0, 1}});
  copy(bytes(in), bytes(out));
  EXPECT_EQ(out, in);
}

TEST(IndexedCopy, of_nothing_writes_nothing) {
  Ints in = {1, 2};
  Ints out = {9};
  const IndexedCopy copy(sizeof(int32_t), {2}, {{}});
  copy(bytes(in), bytes(out));
  EXPECT_EQ(out[0], 9);
}

TEST(IndexedCopy, refuses_an_index_outside) { EXPECT_THROW(IndexedCopy(1, {2}, {{0, 2}}), Error); }

TEST(NearestPositions, by_each_rule) {
  EXPECT_EQ(nearest_positions(2, 4, false, false), (Ints{0, 0, 1, 1}));
  EXPECT_EQ(nearest_positions(3, 2, false, false), (Ints{0, 1}));
  EXPECT_EQ(nearest_positions(3, 2, false, true), (Ints{0, 2}));
  EXPECT_EQ(nearest_positions(3, 5, true, false), (Ints{0, 1, 1, 2, 2}));
  EXPECT_EQ(nearest_positions(3, 1, true, false), (Ints{0}));
}

TEST(MirroredPositions, without_and_with_the_border) {
  EXPECT_EQ(mirrored_positions(3, 2, 2, false), (Ints{2, 1, 0, 1, 2, 1, 0}));
  EXPECT_EQ(mirrored_positions(3, 2, 3, true), (Ints{1, 0, 0, 1, 2, 2, 1, 0}));
}

TEST(Fill, any_count_of_any_element) {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{2}, size_t{7}, size_t{64}, size_t{65}}) {
    Ints out(count + 1, 5);
    const int32_t element = 0x01020304;
    fill(bytes(out), count, reinterpret_cast<const std::byte*>(&element), sizeof element);
    for (size_t i = 0; i < count; ++i) EXPECT_EQ(out[i], element);
    EXPECT_EQ(out[count], 5);
  }
}

TEST(Gather, picks_along_an_axis_within_each_batch) {
  // params [2, 2, 3] (batch, axis, inner), indices [2, 3].
  Ints params(12);
  std::iota(params.begin(), params.end(), 0);
  const Ints indices = {1, 1, 0, 0, 1, 0};
  Ints out(18);
  const GatherSizes sizes{.batch = 2, .outer = 1, .axis = 2, .coords = 3, .inner_bytes = 12};
  EXPECT_EQ(gather(sizes, bytes(params), indices.data(), bytes(out)), -1);
  EXPECT_EQ(out, (Ints{3, 4, 5, 3, 4, 5, 0, 1, 2, 6, 7, 8, 9, 10, 11, 6, 7, 8}));
}

TEST(Gather, tells_the_first_index_outside) {
  const Ints params = {1, 2};
  Ints out(3);
  const GatherSizes sizes{.batch = 1, .outer = 1, .axis = 2, .coords = 3, .inner_bytes = 4};
  const Ints too_large = {0, 1, 2};
  EXPECT_EQ(gather(sizes, bytes(params), too_large.data(), bytes(out)), 2);
  const Ints negative = {0, -1, 2};
  EXPECT_EQ(gather(sizes, bytes(params), negative.data(), bytes(out)), 1);
}

}  // namespace
}  // namespace litesmith::kernels
