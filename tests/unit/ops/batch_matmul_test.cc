#include "ops/batch_matmul.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

BatchMatMul adjoint(bool x, bool y) {
  BatchMatMul op;
  op.adj_x = x;
  op.adj_y = y;
  return op;
}

TEST(BatchMatMul, multiplies_the_last_two_dimensions) {
  EXPECT_EQ(shape_of(BatchMatMul(), {tensor({7, 2, 3}), tensor({7, 3, 5})}), (Shape{7, 2, 5}));
  EXPECT_EQ(shape_of(adjoint(true, true), {tensor({3, 2}), tensor({5, 3})}), (Shape{2, 5}));
}

TEST(BatchMatMul, broadcasts_the_others) {
  EXPECT_EQ(shape_of(BatchMatMul(), {tensor({4, 1, 2, 3}), tensor({6, 3, 5})}),
            (Shape{4, 6, 2, 5}));
  EXPECT_THAT(refusal(BatchMatMul(), {tensor({4, 2, 3}), tensor({6, 3, 5})}),
              HasSubstr("[4] and [6]"));
}

TEST(BatchMatMul, leaves_what_is_not_known_open) {
  EXPECT_EQ(shape_of(BatchMatMul(), {tensor({kDynamic, 2, kDynamic}), tensor({3, kDynamic})}),
            (Shape{kDynamic, 2, kDynamic}));
}

TEST(BatchMatMul, refuses_matrices_that_do_not_meet) {
  EXPECT_THAT(refusal(BatchMatMul(), {tensor({2, 3}), tensor({2, 3})}),
              HasSubstr("[2, 3] and [2, 3] are no matrices to multiply"));
  EXPECT_THAT(refusal(BatchMatMul(), {tensor({3}), tensor({3, 2})}), HasSubstr("no matrices"));
  EXPECT_THAT(refusal(adjoint(true, false), {tensor({2, 3}), tensor({3, 2})}),
              HasSubstr("no matrices"));
}

TEST(BatchMatMul, int8_may_make_int32) {
  const Value codes = tensor({2, 2}, DType::int8);
  EXPECT_EQ(dtype_made(BatchMatMul(), {codes, codes}), DType::int8);
  EXPECT_EQ(dtype_made(BatchMatMul(), {codes, codes}, {tensor({2, 2}, DType::int32)}),
            DType::int32);
}

TEST(BatchMatMul, versions_follow_the_converters_table) {
  BatchMatMul asymmetric;
  asymmetric.asymmetric_quantize_inputs = true;
  auto of = [](const BatchMatMul& op, DType left, DType right) {
    return version_of(op, {tensor({2, 2}, left), tensor({2, 2}, right)});
  };
  EXPECT_EQ(of(asymmetric, DType::float32, DType::float32), 1);
  EXPECT_EQ(of(BatchMatMul(), DType::float32, DType::int8), 1);
  EXPECT_EQ(of(BatchMatMul(), DType::int8, DType::int8), 2);
  EXPECT_EQ(of(BatchMatMul(), DType::int16, DType::int8), 3);
  EXPECT_EQ(of(asymmetric, DType::float32, DType::int8), 4);
}

TEST(BatchMatMul, costs_a_product_for_each_output_and_depth) {
  EXPECT_EQ(macs_of(BatchMatMul(), {tensor({7, 2, 3}), tensor({3, 5})}), 7 * 2 * 3 * 5);
}

}  // namespace
}  // namespace litesmith
