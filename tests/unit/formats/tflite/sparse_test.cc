#include "formats/tflite/sparse.h"

#include <gmock/gmock.h>

#include "testing/thrown.h"

namespace litesmith::tflite {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

DimensionMetadata dense(int32_t size) { return {.format = 0, .dense_size = size}; }

// Indices as bytes; segments as int32, so that both are read.
DimensionMetadata compressed(const std::vector<int32_t>& segments,
                             const std::vector<uint8_t>& indices) {
  DimensionMetadata level{.format = 1};
  level.array_segments = {1, Table{}};
  level.array_segments.table->add(0, segments);
  level.array_indices = {3, Table{}};
  level.array_indices.table->add(0, indices);
  return level;
}

// Rows of four of which some elements are there: 0 1 0 2 / 0 0 0 0 / 3 0 0 0.
Sparsity rows() {
  Sparsity sparsity;
  sparsity.traversal_order = {0, 1};
  sparsity.dim_metadata = {dense(3), compressed({0, 2, 2, 3}, {1, 3, 0})};
  return sparsity;
}

std::vector<int8_t> made(const Sparsity& sparsity, const Shape& shape,
                         const std::vector<int8_t>& values) {
  const Buffer buffer = dense_elements(sparsity, shape, 1, Buffer::of(values));
  const auto elements = buffer.as<int8_t>();
  return {elements.begin(), elements.end()};
}

std::string refusal(const Sparsity& sparsity, const Shape& shape, size_t values) {
  return thrown_message(ErrorCode::format,
                        [&] { made(sparsity, shape, std::vector<int8_t>(values)); });
}

TEST(Sparse, what_is_not_stored_is_zero) {
  EXPECT_THAT(made(rows(), {3, 4}, {1, 2, 3}), ElementsAre(0, 1, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0));
}

TEST(Sparse, blocks_are_those_along_the_last_dimension) {
  EXPECT_EQ(block_size(rows(), {3, 4}), 1);
  Sparsity blocks;
  blocks.traversal_order = {0, 1, 2};
  blocks.block_map = {1};
  blocks.dim_metadata = {dense(1), compressed({0, 1}, {1}), dense(2)};
  EXPECT_EQ(block_size(blocks, {1, 4}), 2);
  blocks.block_map = {0};
  EXPECT_EQ(block_size(blocks, {4, 1}), 1);
}

TEST(Sparse, wide_elements_move_whole) {
  const Buffer values = Buffer::of(std::vector<float>{1.5f, -2, 3});
  const Buffer elements = dense_elements(rows(), {3, 4}, sizeof(float), values);
  EXPECT_THAT(elements.as<float>(), ElementsAre(0, 1.5f, 0, -2, 0, 0, 0, 0, 3, 0, 0, 0));
}

TEST(Sparse, levels_run_in_the_order_of_traversal) {
  Sparsity columns;
  columns.traversal_order = {1, 0};
  columns.dim_metadata = {dense(2), compressed({0, 1, 3}, {2, 0, 1})};
  EXPECT_THAT(made(columns, {3, 2}, {1, 2, 3}), ElementsAre(0, 2, 0, 3, 1, 0));
}

TEST(Sparse, blocks_lie_side_by_side) {
  Sparsity sparsity;
  sparsity.traversal_order = {0, 1, 2};
  sparsity.block_map = {1};
  sparsity.dim_metadata = {dense(2), compressed({0, 1, 2}, {1, 0}), dense(2)};
  EXPECT_THAT(made(sparsity, {2, 4}, {1, 2, 3, 4}), ElementsAre(0, 0, 1, 2, 3, 4, 0, 0));
}

TEST(Sparse, blocks_of_two_dimensions) {
  Sparsity sparsity;
  sparsity.traversal_order = {0, 1, 2, 3};
  sparsity.block_map = {0, 1};
  sparsity.dim_metadata = {dense(2), compressed({0, 1, 2}, {1, 0}), dense(2), dense(2)};
  EXPECT_THAT(made(sparsity, {4, 4}, {1, 2, 3, 4, 5, 6, 7, 8}),
              ElementsAreArray({0, 0, 1, 2, 0, 0, 3, 4, 5, 6, 0, 0, 7, 8, 0, 0}));
}

TEST(Sparse, places_outside_are_refused) {
  EXPECT_THAT(refusal(rows(), {3, 3}, 3), HasSubstr("at 3 of a dimension of 3"));
  EXPECT_THAT(refusal(rows(), {2, 4}, 3), HasSubstr("at 2 of a dimension of 2"));
}

TEST(Sparse, numbers_that_do_not_fit_are_refused) {
  EXPECT_THAT(refusal(rows(), {3, 4}, 2), HasSubstr("room for 3 values, and 2 are stored"));
  EXPECT_THAT(refusal(rows(), {3, 4, 1}, 3), HasSubstr("2 levels for 3 dimensions"));
  Sparsity sparsity = rows();
  sparsity.dim_metadata->at(0) = dense(4);
  EXPECT_THAT(refusal(sparsity, {4, 4}, 3), HasSubstr("4 segments for 4 nodes"));
  sparsity.dim_metadata->at(0) = dense(INT32_MAX);
  EXPECT_THAT(refusal(sparsity, {4, 4}, 3), HasSubstr("nodes"));
  sparsity.dim_metadata->at(0) = dense(-1);
  EXPECT_THAT(refusal(sparsity, {4, 4}, 3), HasSubstr("a dimension of -1"));
}

TEST(Sparse, segments_out_of_order_are_refused) {
  for (const auto& segments : {std::vector<int32_t>{0, 3, 2, 3}, std::vector<int32_t>{1, 2, 2, 3},
                               std::vector<int32_t>{0, 2, 2, 9}, std::vector<int32_t>{}}) {
    Sparsity sparsity = rows();
    sparsity.dim_metadata->at(1) = compressed(segments, {1, 3, 0});
    EXPECT_THAT(refusal(sparsity, {3, 4}, 3), HasSubstr("segments that do not part 3 indices"));
  }
}

TEST(Sparse, an_order_that_is_none_is_refused) {
  for (const auto& order :
       {std::vector<int32_t>{0, 0}, std::vector<int32_t>{0, 2}, std::vector<int32_t>{-1, 1}}) {
    Sparsity sparsity = rows();
    sparsity.traversal_order = order;
    EXPECT_THAT(refusal(sparsity, {3, 4}, 3), HasSubstr("a traversal by dimension"));
  }
}

TEST(Sparse, a_huge_tensor_of_few_values_costs_nothing) {
  Sparsity sparsity = rows();
  sparsity.dim_metadata->at(1) = compressed({0, 3}, {1, 3, 0});
  sparsity.dim_metadata->at(0) = dense(1);
  EXPECT_THAT(refusal(sparsity, {30000, 30000}, 3), HasSubstr("3 bytes are stored of 900000000"));
}

}  // namespace
}  // namespace litesmith::tflite
