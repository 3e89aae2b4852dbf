#include "ir/transpose.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "testing/random.h"

namespace litesmith {
namespace {

// By the definition, one element after the other.
std::vector<std::byte> moved_one_by_one(std::span<const std::byte> source, size_t element,
                                        const Shape& shape,
                                        const std::vector<int32_t>& permutation) {
  std::vector<std::byte> result(source.size());
  for (size_t to = 0; to < result.size() / element; ++to) {
    size_t rest = to;
    std::vector<size_t> index(shape.size());
    for (size_t i = shape.size(); i-- > 0;) {
      const auto dim = static_cast<size_t>(permutation[i]);
      index[dim] = rest % static_cast<size_t>(shape[dim]);
      rest /= static_cast<size_t>(shape[dim]);
    }
    size_t from = 0;
    for (size_t i = 0; i < shape.size(); ++i) {
      from = from * static_cast<size_t>(shape[i]) + index[i];
    }
    std::memcpy(result.data() + to * element, source.data() + from * element, element);
  }
  return result;
}

std::vector<std::byte> copy_of(std::span<const std::byte> bytes) {
  return {bytes.begin(), bytes.end()};
}

struct Case {
  Shape shape;
  std::vector<int32_t> permutation;
};

const Case kCases[] = {
    {{}, {}},
    {{5}, {0}},
    {{7, 3}, {1, 0}},
    {{40, 33}, {1, 0}},
    {{3, 3, 5, 37}, {3, 0, 1, 2}},   // HWIO to OHWI
    {{19, 17, 3, 3}, {0, 2, 3, 1}},  // OIHW to OHWI
    {{18, 4, 1, 1}, {0, 2, 3, 1}},   // no byte moves
    {{2, 3, 4, 5}, {2, 0, 1, 3}},
    {{2, 3, 4, 5}, {3, 2, 1, 0}},
    {{2, 3, 4, 5, 2}, {1, 0, 4, 2, 3}},
    {{1, 6, 1, 4}, {3, 2, 1, 0}},
};

TEST(Transposed, moves_elements_of_any_width) {
  Random random(1);
  for (const auto& [shape, permutation] : kCases) {
    for (const size_t element : {1u, 2u, 4u, 8u}) {
      const auto count = static_cast<size_t>(element_count(shape));
      const Buffer source = Buffer::of(random.integers<uint8_t>(count * element));
      const Buffer result = transposed(source, element, shape, permutation);
      EXPECT_EQ(copy_of(result.bytes()),
                moved_one_by_one(source.bytes(), element, shape, permutation))
          << to_string(shape) << to_string(permutation) << element;
    }
  }
}

TEST(Transposed, parts_are_those_of_the_whole) {
  Random random(2);
  for (const auto& [shape, permutation] : kCases) {
    const auto count = static_cast<size_t>(element_count(shape));
    const Buffer source = Buffer::of(random.integers<float>(count));
    const Buffer made = transposed(source, 4, shape, permutation);
    const auto whole = made.as<float>();
    const Buffer apart = transposed(source, 4, shape, permutation);
    std::vector<float> scratch;
    for (int i = 0; i < 20; ++i) {
      const auto first = static_cast<size_t>(random.below(static_cast<int>(count) + 1));
      const auto size = static_cast<size_t>(random.below(static_cast<int>(count - first) + 1));
      const auto part = apart.part(first, size, scratch);
      EXPECT_EQ(copy_of(std::as_bytes(part)), copy_of(std::as_bytes(whole.subspan(first, size))))
          << to_string(shape) << " " << first << " " << size;
    }
  }
}

TEST(Transposed, reads_sources_at_any_address_and_sources_that_are_made) {
  Random random(3);
  const Shape shape = {4, 6, 20};
  const std::vector<int32_t> permutation = {2, 0, 1};
  const auto bytes = random.integers<uint8_t>(480 * 4 + 3);
  const auto unaligned = std::as_bytes(std::span(bytes)).subspan(3);
  const Buffer source = Buffer::view({unaligned});
  const auto expected = moved_one_by_one(unaligned, 4, shape, permutation);
  EXPECT_EQ(copy_of(transposed(source, 4, shape, permutation).bytes()), expected);
  // There and back.
  const Buffer there = transposed(source, 4, shape, permutation);
  EXPECT_EQ(copy_of(transposed(there, 4, {20, 4, 6}, std::vector<int32_t>{1, 2, 0}).bytes()),
            copy_of(unaligned));
}

TEST(Transposed, is_the_same_buffer_where_no_byte_moves) {
  const Buffer source = Buffer::of(std::vector<float>(12));
  const std::vector<int32_t> permutation = {3, 1, 0, 2};
  EXPECT_EQ(transposed(source, 4, {1, 12, 1, 1}, permutation).identity(), source.identity());
  EXPECT_NE(transposed(source, 4, {3, 4, 1, 1}, permutation).identity(), source.identity());
  EXPECT_TRUE(transposed(Buffer(), 4, {3, 0, 2, 1}, permutation).empty());
}

}  // namespace
}  // namespace litesmith
