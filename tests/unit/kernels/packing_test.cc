#include "kernels/packing.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kernels/conv_cases.h"

namespace litesmith::kernels {
namespace {

TEST(Packed_filter, holds_blocks_of_channels_with_groups_of_terms) {
  const PackedShape packing{.channels = 3, .lanes = 2, .block = 2, .group = 2};
  const std::vector<kernels::Run> runs = {{0, 3}, {10, 1}};
  std::vector<int> packed(packed_size(packing, runs), -1);
  for_each_packed(packing, runs, [&](size_t position, int32_t channel, size_t term) {
    packed[position] = channel * 10 + static_cast<int>(term);
  });
  EXPECT_EQ(packed,
            (std::vector{0,  1,  10, 11, 2,  -1, 12, -1, 3,  -1, 13, -1,  // channels 0 and 1
                         20, 21, -1, -1, 22, -1, -1, -1, 23, -1, -1, -1}));
}

TEST(Runs, join_taps_that_lie_side_by_side) {
  const ConvShape shape{
      .rows = window(5, 2, 1, 1, false), .columns = window(7, 3, 1, 1, false), .input_channels = 4};
  const ImagePlan plan(shape, 1);
  EXPECT_FALSE(plan.padded);
  const std::vector<kernels::Run> runs = plan.runs(shape);
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].count, 12);
  EXPECT_EQ(runs[1].offset, 28);
}

TEST(Runs, of_dilated_or_grouped_windows_are_one_a_tap) {
  ConvShape shape{
      .rows = window(5, 1, 1, 1, false), .columns = window(7, 3, 1, 2, false), .input_channels = 4};
  const std::vector<kernels::Run> dilated = ImagePlan(shape, 1).runs(shape);
  ASSERT_EQ(dilated.size(), 3u);
  EXPECT_EQ(dilated[1].offset, 8);
  shape.groups = 2;
  EXPECT_EQ(ImagePlan(shape, 1).runs(shape)[0].count, 2);
}

TEST(Steps, begin_at_each_group_of_terms) {
  EXPECT_EQ(steps_of({{0, 3}, {10, 1}}, 2), (std::vector<int32_t>{0, 2, 10}));
  EXPECT_EQ(steps_of({{4, 2}}, 1), (std::vector<int32_t>{4, 5}));
}

TEST(Image, is_padded_only_as_far_as_windows_reach) {
  const ConvShape same{.rows = window(4, 3, 2, 1, true), .columns = window(6, 3, 1, 1, true)};
  const ImagePlan plan(same, 1);
  EXPECT_TRUE(plan.padded);
  EXPECT_EQ(plan.copy.padded_rows, 5);  // SAME with stride 2 pads behind only
  EXPECT_EQ(plan.copy.top, 0);
  EXPECT_EQ(plan.copy.padded_columns, 8);
  EXPECT_EQ(plan.copy.left, 1);
}

TEST(Image, that_dilation_blows_up_is_refused) {
  const ConvShape shape{.rows = window(4, 1 << 14, 1, 1 << 14, true),
                        .columns = window(4, 1 << 14, 1, 1 << 14, true)};
  EXPECT_THROW(ImagePlan(shape, 1), Error);
}

TEST(Padded_memory, is_aligned_and_can_be_read_beyond_its_end) {
  const Padded<float> memory(3, 1.5f);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory.data()) % 64, 0u);
  EXPECT_EQ(memory[3 + 15], 1.5f);
}

}  // namespace
}  // namespace litesmith::kernels
