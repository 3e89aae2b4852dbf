#include "ops/shape_and_cast.h"

#include <gmock/gmock.h>

#include "nodes.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

ShapeOf of_type(DType dtype) {
  ShapeOf op;
  op.out_type = dtype;
  return op;
}

Cast cast_to(DType dtype) {
  Cast op;
  op.out_data_type = dtype;
  return op;
}

TEST(ShapeOf, has_an_element_for_each_dimension) {
  EXPECT_EQ(shape_of(ShapeOf(), {tensor({2, 3, 4})}), (Shape{3}));
  EXPECT_EQ(shape_of(ShapeOf(), {tensor({})}), (Shape{0}));
}

TEST(ShapeOf, of_a_dynamic_input_has_a_known_size) {
  EXPECT_EQ(shape_of(ShapeOf(), {tensor({kDynamic, 3})}), (Shape{2}));
}

TEST(ShapeOf, is_of_the_type_asked_for) {
  EXPECT_EQ(dtype_made(of_type(DType::int32), {tensor({2})}), DType::int32);
  EXPECT_EQ(dtype_made(of_type(DType::int64), {tensor({2})}), DType::int64);
}

TEST(ShapeOf, refuses_a_type_that_is_no_index) {
  EXPECT_THAT(refusal(of_type(DType::float32), {tensor({2})}), HasSubstr("float32"));
}

TEST(ShapeOf, is_of_version_1) { EXPECT_EQ(version_of(ShapeOf(), {tensor({2})}), 1); }

TEST(Cast, keeps_the_shape_and_makes_the_type_asked_for) {
  EXPECT_EQ(shape_of(cast_to(DType::int8), {tensor({2, kDynamic})}), (Shape{2, kDynamic}));
  EXPECT_EQ(dtype_made(cast_to(DType::int8), {tensor({2})}), DType::int8);
}

TEST(Cast, believes_the_graph_over_the_attribute) {
  EXPECT_EQ(dtype_made(Cast(), {tensor({2})}, {tensor({2}, DType::boolean)}), DType::boolean);
}

TEST(Cast, versions_follow_the_converters_table) {
  const auto version = [](DType from, DType to) {
    return version_of(cast_to(to), {tensor({2}, from)});
  };
  EXPECT_EQ(version(DType::int32, DType::float32), 1);
  EXPECT_EQ(version(DType::uint8, DType::int16), 1);
  EXPECT_EQ(version(DType::uint32, DType::float32), 2);
  EXPECT_EQ(version(DType::float32, DType::int8), 3);
  EXPECT_EQ(version(DType::uint16, DType::int8), 4);
  EXPECT_EQ(version(DType::float64, DType::uint16), 5);
  EXPECT_EQ(version(DType::float32, DType::float16), 5);
  EXPECT_EQ(version(DType::int4, DType::float32), 6);
  EXPECT_EQ(version(DType::int4, DType::int32), 1);  // only to float has a version of its own
  EXPECT_EQ(version(DType::float32, DType::bfloat16), 7);
  EXPECT_EQ(version(DType::int2, DType::int8), 8);
  EXPECT_EQ(version(DType::float32, DType::uint4), 8);
  EXPECT_EQ(version(DType::float8_e5m2, DType::bfloat16), 9);
}

}  // namespace
}  // namespace litesmith
