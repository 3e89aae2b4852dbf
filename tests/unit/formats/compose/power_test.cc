#include "formats/compose/power.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "testing/graph_builder.h"
#include "testing/thrown.h"

namespace litesmith::compose {
namespace {

class Power : public ::testing::Test {
 protected:
  ValueId value(std::string name, DType dtype = DType::float32) {
    return graph.add({.name = std::move(name), .dtype = dtype, .shape = {kDynamic, 3}});
  }
  std::string ops() const { return litesmith::testing::op_names(graph); }
  Graph graph;
  Composer composer{graph, "layer"};
};

TEST_F(Power, of_one_is_the_value_itself) {
  const ValueId x = value("x");
  EXPECT_EQ(simple_power(composer, x, 1), x);
  EXPECT_EQ(ops(), "");
}

TEST_F(Power, that_has_a_cheaper_operator_is_that) {
  const std::pair<double, std::string> cases[] = {
      {-1, "DIV"}, {-0.5, "RSQRT"}, {0.5, "SQRT"}, {2, "MUL"}, {3, "MUL MUL"}, {4, "MUL MUL"},
  };
  for (const auto& [exponent, expected] : cases) {
    graph.nodes.clear();
    const ValueId x = value("x");
    const auto made = simple_power(composer, x, exponent);
    ASSERT_TRUE(made.has_value()) << exponent;
    EXPECT_EQ(ops(), expected) << exponent;
    EXPECT_EQ(graph[*made].shape, graph[x].shape) << exponent;
  }
}

TEST_F(Power, of_three_multiplies_the_square_and_x_of_four_two_squares) {
  const ValueId x = value("x");
  static_cast<void>(simple_power(composer, x, 3));
  static_cast<void>(simple_power(composer, x, 4));
  const ValueId square = graph.nodes[2].outputs[0];
  EXPECT_EQ(graph.nodes[1].inputs, (std::vector{graph.nodes[0].outputs[0], x}));
  EXPECT_EQ(graph.nodes[3].inputs, (std::vector{square, square}));
}

TEST_F(Power, of_another_exponent_is_left_to_the_general_one) {
  const ValueId x = value("x");
  EXPECT_FALSE(simple_power(composer, x, 1.7).has_value());
  EXPECT_EQ(ops(), "");
  EXPECT_EQ(graph[general_power(composer, x, value("y"))].name, "layer/pow");
  EXPECT_EQ(ops(), "POW");
}

TEST_F(Power, casts_an_exponent_of_integers_and_refuses_such_a_base) {
  const ValueId integers = value("n", DType::int32);
  static_cast<void>(general_power(composer, value("x"), integers));
  EXPECT_EQ(ops(), "CAST POW");
  EXPECT_THAT(thrown_message(ErrorCode::unsupported,
                             [&] { general_power(composer, integers, value("y")); }),
              ::testing::HasSubstr("a power of int32"));
}

}  // namespace
}  // namespace litesmith::compose
