#include "formats/compose/moments.h"

#include <gtest/gtest.h>

#include "testing/graph_builder.h"

namespace litesmith::compose {
namespace {

TEST(Moments, keep_the_dimensions_they_are_taken_over) {
  Graph graph;
  Composer composer(graph, "layer");
  const ValueId x = graph.add({.name = "x", .shape = {kDynamic, 5, 3}});
  const ValueId axes = composer.constant<int32_t>("axes", {1}, {2});
  const Moments made = moments(composer, x, axes);
  const ValueId epsilon = composer.constant<float>("epsilon", {}, {0.001f});
  const ValueId inverse = inverse_deviation(composer, made, axes, epsilon);
  EXPECT_EQ(graph[made.mean].shape, (Shape{kDynamic, 5, 1}));
  EXPECT_EQ(graph[made.distance].shape, (Shape{kDynamic, 5, 3}));
  EXPECT_EQ(graph[made.squares].shape, (Shape{kDynamic, 5, 3}));
  EXPECT_EQ(graph[inverse].shape, (Shape{kDynamic, 5, 1}));
}

TEST(Moments, take_no_operator_that_LiteRT_lacks_in_int16) {
  Graph graph;
  Composer composer(graph, "layer");
  const ValueId x = graph.add({.name = "x", .shape = {4, 3}});
  const ValueId axes = composer.constant<int32_t>("axes", {1}, {1});
  const ValueId epsilon = composer.constant<float>("epsilon", {}, {0.001f});
  inverse_deviation(composer, moments(composer, x, axes), axes, epsilon);
  for (const Node& node : graph.nodes) EXPECT_TRUE(node.def().quant.int16) << node.def().name;
  EXPECT_EQ(litesmith::testing::op_names(graph), "MEAN SUB MUL MEAN ADD RSQRT");
}

}  // namespace
}  // namespace litesmith::compose
