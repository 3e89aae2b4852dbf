#include "ops/binary.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

const Value kRow = tensor({1, 3});

template <class T>
class BinaryTest : public ::testing::Test {};
using Binaries = ::testing::Types<Add, Sub, Mul, Div, Maximum, Minimum, SquaredDifference>;
TYPED_TEST_SUITE(BinaryTest, Binaries);

TYPED_TEST(BinaryTest, broadcasts_its_operands) {
  EXPECT_EQ(shape_of(TypeParam(), {tensor({2, 1}), kRow}), (Shape{2, 3}));
  EXPECT_EQ(shape_of(TypeParam(), {tensor({}), kRow}), (Shape{1, 3}));
}

TYPED_TEST(BinaryTest, leaves_dynamic_dimensions_dynamic) {
  EXPECT_EQ(shape_of(TypeParam(), {tensor({kDynamic, 3}), kRow}), (Shape{kDynamic, 3}));
}

TYPED_TEST(BinaryTest, makes_the_operands_type) {
  EXPECT_EQ(dtype_made(TypeParam(), {tensor({3}, DType::int64), tensor({3}, DType::int64)}),
            DType::int64);
}

TYPED_TEST(BinaryTest, refuses_shapes_that_do_not_fit) {
  EXPECT_THAT(refusal(TypeParam(), {tensor({2}), kRow}), HasSubstr("[2] and [1, 3]"));
}

TYPED_TEST(BinaryTest, refuses_operands_of_two_types) {
  EXPECT_THAT(refusal(TypeParam(), {tensor({3}), tensor({3}, DType::int32)}),
              HasSubstr("float32 and int32"));
}

TYPED_TEST(BinaryTest, refuses_a_wrong_number_of_operands) {
  refusal(TypeParam(), {kRow});
  refusal(TypeParam(), {kRow, kAbsent});
  refusal(TypeParam(), {kRow, kRow, kRow});
}

// The version of `op` on two tensors of one type.
template <class T>
int version(const T& op, Value a) {
  return version_of(op, {a, a});
}
// On tensors of rank 5 that broadcast.
template <class T>
int version_rank_5(const T& op, DType dtype) {
  return version_of(op, {tensor({1, 1, 1, 1, 2}, dtype), tensor({2, 1, 1, 1, 1}, dtype)});
}

TEST(Add, versions_follow_the_converters_table) {
  Add any_scale;
  any_scale.pot_scale_int16 = false;
  EXPECT_EQ(version(Add(), kRow), 1);
  EXPECT_EQ(version(Add(), quantized({3}, DType::int16)), 1);
  EXPECT_EQ(version(Add(), quantized({3})), 2);
  EXPECT_EQ(version(any_scale, quantized({3}, DType::int16)), 3);
  EXPECT_EQ(version(Add(), tensor({3}, DType::int64)), 4);
  EXPECT_EQ(version(any_scale, tensor({3}, DType::int16)), 5);
  EXPECT_EQ(version(Add(), tensor({3}, DType::float16)), 6);
  EXPECT_EQ(version_rank_5(Add(), DType::float32), 1);
}

TEST(Sub, versions_follow_the_converters_table) {
  Sub any_scale;
  any_scale.pot_scale_int16 = false;
  EXPECT_EQ(version(Sub(), kRow), 1);
  EXPECT_EQ(version(Sub(), quantized({3})), 2);
  EXPECT_EQ(version_rank_5(Sub(), DType::int8), 3);
  EXPECT_EQ(version_rank_5(Sub(), DType::int64), 4);
  EXPECT_EQ(version(any_scale, quantized({3}, DType::int16)), 5);
}

TEST(Mul, versions_follow_the_converters_table) {
  EXPECT_EQ(version(Mul(), kRow), 1);
  EXPECT_EQ(version(Mul(), tensor({3}, DType::int8)), 2);
  EXPECT_EQ(version(Mul(), quantized({3}, DType::int16)), 4);
  EXPECT_EQ(version(Mul(), tensor({3}, DType::int64)), 5);
  EXPECT_EQ(version(Mul(), tensor({3}, DType::complex64)), 6);
  EXPECT_EQ(version(Mul(), tensor({3}, DType::int16)), 7);
  EXPECT_EQ(version(Mul(), tensor({3}, DType::uint32)), 7);
  EXPECT_EQ(version(Mul(), tensor({3}, DType::float16)), 8);
}

TEST(Mul, is_of_version_3_when_the_product_is_scaled_up) {
  const Value half = quantized({3});  // 0.5 * 0.5 = 0.25
  Value out = quantized({3});
  out.quantization.scale = {0.25f};
  EXPECT_EQ(version_of(Mul(), {half, half}, {out}), 3);
  out.quantization.scale = {0.26f};
  EXPECT_EQ(version_of(Mul(), {half, half}, {out}), 2);
  out.quantization.scale = {0.0f};
  EXPECT_EQ(version_of(Mul(), {half, half}, {out}), 2);
}

TEST(Div, versions_follow_the_converters_table) {
  EXPECT_EQ(version(Div(), quantized({3})), 1);
  EXPECT_EQ(version_rank_5(Div(), DType::float32), 2);
}

TEST(Div, of_equal_shapes_of_rank_5_does_not_broadcast) {
  EXPECT_EQ(version(Div(), tensor({1, 1, 1, 1, 2})), 1);
}

TEST(Div, of_a_dynamic_dimension_is_judged_by_the_1_that_files_store) {
  EXPECT_EQ(version_of(Div(), {tensor({kDynamic, 1, 1, 1, 2}), tensor({1, 1, 1, 1, 2})}), 1);
}

template <class T>
void expect_versions_of_extremum() {
  EXPECT_EQ(version(T(), kRow), 1);
  EXPECT_EQ(version(T(), quantized({3})), 2);
  EXPECT_EQ(version_rank_5(T(), DType::int8), 3);
  EXPECT_EQ(version_rank_5(T(), DType::int16), 4);
}

TEST(Maximum, versions_follow_the_converters_table) { expect_versions_of_extremum<Maximum>(); }
TEST(Minimum, versions_follow_the_converters_table) { expect_versions_of_extremum<Minimum>(); }

TEST(SquaredDifference, versions_follow_the_converters_table) {
  EXPECT_EQ(version(SquaredDifference(), kRow), 1);
  EXPECT_EQ(version(SquaredDifference(), quantized({3})), 2);
  EXPECT_EQ(version(SquaredDifference(), quantized({3}, DType::int16)), 1);
}

}  // namespace
}  // namespace litesmith
