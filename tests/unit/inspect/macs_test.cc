#include "inspect/macs.h"

#include <gtest/gtest.h>

#include "ops/conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/pool_2d.h"
#include "testing/graph_builder.h"

namespace litesmith {
namespace {

using testing::GraphBuilder;

Graph dense(DType data, DType weights) {
  GraphBuilder build;
  const ValueId x = build.input("x", {1, 8}, data);
  const ValueId w = build.input("w", {4, 8}, weights);
  Graph& graph = build.graph();
  const ValueId none;
  const ValueId y = graph.add({.name = "y", .dtype = data, .shape = {1, 4}});
  graph.nodes.push_back(
      {.op = std::make_shared<FullyConnected>(), .inputs = {x, w, none}, .outputs = {y}});
  graph.outputs = {y};
  return graph;
}

TEST(Macs, kind_follows_the_numbers_that_are_multiplied) {
  const struct {
    DType data;
    DType weights;
    MacKind kind;
  } rows[] = {
      {DType::float32, DType::float32, MacKind::float32},
      {DType::float32, DType::float16, MacKind::float32},
      {DType::float32, DType::int8, MacKind::int8},
      {DType::int8, DType::int8, MacKind::int8},
      {DType::uint8, DType::uint8, MacKind::int8},
      {DType::int16, DType::int8, MacKind::int16},
  };
  for (const auto& row : rows) {
    const std::vector<NodeMacs> macs = macs_by_node(dense(row.data, row.weights));
    ASSERT_EQ(macs.size(), 1u);
    EXPECT_EQ(macs[0].kind, row.kind) << to_string(row.data) << " by " << to_string(row.weights);
    EXPECT_EQ(macs[0].macs.nominal, 32);
  }
}

TEST(Macs, rows_that_a_pool_drops_are_not_needed) {
  GraphBuilder build;
  Conv2D conv;
  conv.padding = Padding::valid;
  const ValueId x = build.input("x", {1, 3, 4, 2});
  const ValueId y = build.op(conv, {x, build.ramp({5, 1, 1, 2}), build.ramp({5})});
  MaxPool2D pool;
  pool.padding = Padding::valid;
  pool.filter_height = pool.filter_width = pool.stride_h = pool.stride_w = 2;
  const ValueId z = build.op(pool, {y});
  const auto macs = macs_by_node(build.model({z}).graph);
  ASSERT_EQ(macs.size(), 2u);
  EXPECT_EQ(macs[0].macs.nominal, 3 * 4 * 5 * 2);
  EXPECT_EQ(macs[0].macs.needed, 2 * 4 * 5 * 2);
  EXPECT_EQ(macs[1].macs.nominal, 0);
}

}  // namespace
}  // namespace litesmith
