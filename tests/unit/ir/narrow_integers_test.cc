#include "ir/narrow_integers.h"

#include <gmock/gmock.h>

#include "base/half.h"
#include "ir/graph.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Value narrow(DType dtype, Shape shape, const std::vector<uint8_t>& bytes) {
  Value value{.name = "w", .dtype = dtype, .shape = std::move(shape)};
  value.data = Buffer::of(bytes);
  return value;
}

// Two rows of two blocks of two.
Value in_blocks() {
  Value value = narrow(DType::int4, {2, 4}, {0x21, 0x8f, 0x70, 0x03});
  const std::vector<uint16_t> scale = {float_to_half(1), float_to_half(2), float_to_half(0.5),
                                       float_to_half(4)};
  value.block_scales = BlockScales{2, Buffer::of(scale)};
  return value;
}

std::string finding(const Value& value) {
  Graph graph;
  graph.add(value);
  return thrown_message(ErrorCode::format, [&] { verify(graph); });
}

TEST(NarrowIntegers, lie_with_the_first_in_the_lowest_bits) {
  EXPECT_THAT(unpacked_integers(narrow(DType::int4, {3}, {0x8f, 0x07})), ElementsAre(-1, -8, 7));
  EXPECT_THAT(unpacked_integers(narrow(DType::int2, {5}, {0xe4, 0x02})),
              ElementsAre(0, 1, -2, -1, -2));
}

TEST(NarrowIntegers, stand_for_themselves_times_their_blocks_scale) {
  EXPECT_THAT(real_elements(in_blocks()), ElementsAre(1, 2, -2, -16, 0, 3.5, 12, 0));
}

TEST(NarrowIntegers, in_blocks_that_do_not_fit_are_found) {
  Graph graph;
  graph.add(in_blocks());
  EXPECT_NO_THROW(verify(graph));
  Value value = in_blocks();
  value.block_scales->size = 3;
  EXPECT_THAT(finding(value), HasSubstr("'w' of shape [2, 4] has 4 scales by blocks of 3"));
  value.block_scales->size = 0;
  EXPECT_THAT(finding(value), HasSubstr("by blocks of 0"));
  value = in_blocks();
  value.block_scales->scale = Buffer::of(std::vector<uint16_t>(3));
  EXPECT_THAT(finding(value), HasSubstr("has 3 scales by blocks of 2"));
  value = in_blocks();
  value.dtype = DType::int8;
  value.shape = {1, 4};
  EXPECT_THAT(finding(value), HasSubstr("'w' has scales by blocks, but is no constant of int2"));
}

}  // namespace
}  // namespace litesmith
