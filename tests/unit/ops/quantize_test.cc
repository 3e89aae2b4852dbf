#include "ops/quantize.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

TEST(Quantize, makes_what_the_graph_states) {
  EXPECT_EQ(shape_of(Quantize(), {tensor({2, kDynamic})}), (Shape{2, kDynamic}));
  EXPECT_EQ(dtype_made(Quantize(), {tensor({2})}), DType::int8);
  EXPECT_EQ(dtype_made(Quantize(), {tensor({2})}, {quantized({2}, DType::int16)}), DType::int16);
}

TEST(Quantize, versions_follow_the_converters_table) {
  const auto version = [](Value from, Value to) { return version_of(Quantize(), {from}, {to}); };
  const Value f32 = tensor({2, 3});
  EXPECT_EQ(version(f32, quantized({2, 3})), 1);
  EXPECT_EQ(version(quantized({2, 3}, DType::uint8), quantized({2, 3})), 1);
  EXPECT_EQ(version(f32, quantized({2, 3}, DType::int16)), 2);
  EXPECT_EQ(version(f32, quantized({2, 3}, DType::int16, 3, 1)), 3);
  EXPECT_EQ(version(f32, quantized({2, 3}, DType::int4, 3, 1)), 4);
  EXPECT_EQ(version(quantized({2, 3}, DType::int4), quantized({2, 3})), 4);
  EXPECT_EQ(version(f32, quantized({2, 3}, DType::uint4)), 5);
}

TEST(Quantize, with_one_slice_is_not_per_channel) {
  EXPECT_EQ(version_of(Quantize(), {tensor({1, 3})}, {quantized({1, 3})}), 1);
}

TEST(Dequantize, makes_floats) {
  EXPECT_EQ(shape_of(Dequantize(), {quantized({2, kDynamic})}), (Shape{2, kDynamic}));
  EXPECT_EQ(dtype_made(Dequantize(), {tensor({2}, DType::float16)}), DType::float32);
}

TEST(Dequantize, versions_follow_the_converters_table) {
  const auto version = [](Value from) { return version_of(Dequantize(), {from}); };
  EXPECT_EQ(version(quantized({2, 3}, DType::uint8)), 1);
  EXPECT_EQ(version(quantized({2, 3})), 2);
  EXPECT_EQ(version(quantized({2, 3}, DType::int16)), 3);
  EXPECT_EQ(version(tensor({2, 3}, DType::float16)), 3);
  EXPECT_EQ(version(quantized({2, 3}, DType::int8, 3, 1)), 5);
  EXPECT_EQ(version(quantized({2, 3}, DType::int4)), 6);
  EXPECT_EQ(version(quantized({2, 3}, DType::int2)), 7);
  EXPECT_EQ(version(quantized({2, 3}, DType::uint4)), 8);
  EXPECT_EQ(version(tensor({2, 3}, DType::float8_e4m3fn)), 9);
}

TEST(Dequantize, refuses_a_missing_operand) { refusal(Dequantize(), {}); }

}  // namespace
}  // namespace litesmith
