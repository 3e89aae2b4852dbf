#include "kernels/kernel_set.h"

#include <gtest/gtest.h>

#include <vector>

#include "kernels/conv.h"

namespace litesmith::kernels {
namespace {

class Kernel_set : public testing::TestWithParam<Isa> {};

INSTANTIATE_TEST_SUITE_P(, Kernel_set, testing::ValuesIn(supported_isas()),
                         [](const auto& each) { return std::string(to_string(each.param)); });

TEST_P(Kernel_set, is_the_one_of_its_level) { EXPECT_EQ(kernel_set(GetParam()).isa, GetParam()); }

// So that the tests of convolutions on this level are tests of its dot product.
TEST_P(Kernel_set, takes_int8_through_the_dot_product_where_the_level_has_one) {
  const bool has_dot = GetParam() == Isa::avx_vnni || GetParam() == Isa::avx512_vnni ||
                       GetParam() == Isa::neon_dotprod;
  const KernelSet& set = kernel_set(GetParam());
  EXPECT_EQ(set.dot_conv != nullptr, has_dot);
  EXPECT_EQ(set.dot_depthwise != nullptr, has_dot);
  const ConvShape shape = dense_shape(1, 8, 4);
  const std::vector<int16_t> filter(32, 1);
  const IntegerFilter taken(set, shape, PooledOutputs::none(shape), filter, true, false);
  EXPECT_EQ(taken.uses_dot(), has_dot);
}

TEST_P(Kernel_set, for_few_channels_has_vectors_of_half_the_width_where_they_are_long) {
  const KernelSet& all = kernel_set(GetParam());
  const int32_t half = GetParam() == Isa::avx512_vnni ? 8 : all.lanes;
  for (const int32_t channels : {1, half, half + 1, 1000}) {
    const KernelSet& few = kernel_set_for(GetParam(), channels);
    EXPECT_EQ(few.isa, GetParam());
    EXPECT_EQ(few.lanes, all.lanes);
    EXPECT_EQ(few.dot_packing.lanes, channels <= half ? half : all.lanes);
  }
}

}  // namespace
}  // namespace litesmith::kernels
