#include "ops/space_depth.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

template <class T>
T with_block(int32_t size) {
  T op;
  op.block_size = size;
  return op;
}

TEST(SpaceToDepth, blocks_become_channels) {
  EXPECT_EQ(shape_of(with_block<SpaceToDepth>(2), {tensor({1, 4, 6, 3})}), (Shape{1, 2, 3, 12}));
  EXPECT_EQ(shape_of(with_block<SpaceToDepth>(3), {tensor({kDynamic, 3, kDynamic, 1})}),
            (Shape{kDynamic, 1, kDynamic, 9}));
}

TEST(DepthToSpace, channels_become_blocks) {
  EXPECT_EQ(shape_of(with_block<DepthToSpace>(2), {tensor({1, 2, 3, 12})}), (Shape{1, 4, 6, 3}));
}

TEST(SpaceToDepth, refuses_images_without_whole_blocks) {
  EXPECT_THAT(refusal(with_block<SpaceToDepth>(2), {tensor({1, 3, 4, 1})}),
              HasSubstr("a dimension of 3 has no parts of 2"));
  EXPECT_THAT(refusal(with_block<DepthToSpace>(2), {tensor({1, 3, 4, 6})}),
              HasSubstr("a dimension of 6 has no parts of 4"));
}

TEST(SpaceToDepth, refuses_blocks_that_cannot_be) {
  for (const int32_t size : {0, -2, 1 << 16}) {
    EXPECT_THAT(refusal(with_block<SpaceToDepth>(size), {tensor({1, 4, 4, 1})}),
                HasSubstr("block_size is"));
  }
  EXPECT_THAT(refusal(with_block<DepthToSpace>(1 << 15), {tensor({1, 1 << 20, 1, 1 << 30})}),
              HasSubstr("no dimension"));
  EXPECT_THAT(refusal(with_block<DepthToSpace>(2), {tensor({4, 4, 4})}), HasSubstr("[n, h, w, c]"));
}

TEST(SpaceToDepth, version_2_is_int8) {
  EXPECT_EQ(version_of(with_block<SpaceToDepth>(1), {tensor({1, 1, 1, 1}, DType::int8)}), 2);
  EXPECT_EQ(version_of(with_block<DepthToSpace>(1), {tensor({1, 1, 1, 1})}), 1);
}

}  // namespace
}  // namespace litesmith
