#include "formats/compose/exponential_unit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/graph_builder.h"

namespace litesmith::compose {
namespace {

class ExponentialUnit : public ::testing::Test {
 protected:
  ValueId x() { return graph.add({.name = "x", .shape = {kDynamic, 3}}); }
  std::string ops() const { return litesmith::testing::op_names(graph); }
  // The constants among the operands, in the order of the operators.
  std::vector<float> constants() const {
    std::vector<float> found;
    for (const Node& node : graph.nodes) {
      for (const ValueId id : node.inputs) {
        if (graph[id].is_constant()) found.push_back(graph[id].elements<float>()[0]);
      }
    }
    return found;
  }
  Graph graph;
  Composer composer{graph, "layer"};
};

TEST_F(ExponentialUnit, without_parameters_is_ELU) {
  exponential_unit(composer, x(), 1);
  continuous_exponential_unit(composer, x(), 1);
  EXPECT_EQ(ops(), "ELU ELU");
}

TEST_F(ExponentialUnit, with_a_scale_alone_is_two_operators) {
  exponential_unit(composer, x(), 1, 2);
  EXPECT_EQ(ops(), "ELU MUL");
  EXPECT_EQ(constants(), std::vector<float>{2});
}

TEST_F(ExponentialUnit, multiplies_what_lies_below_zero) {
  exponential_unit(composer, x(), 0.5f, 3);
  EXPECT_EQ(ops(), "MINIMUM ELU MUL RELU ADD MUL");
  EXPECT_EQ(constants(), (std::vector<float>{0, 0.5f, 3}));
}

TEST_F(ExponentialUnit, that_is_continuous_divides_inside_and_multiplies_outside) {
  continuous_exponential_unit(composer, x(), 4);
  EXPECT_EQ(ops(), "MINIMUM MUL ELU MUL RELU ADD");
  EXPECT_EQ(constants(), (std::vector<float>{0, 0.25f, 4}));
}

}  // namespace
}  // namespace litesmith::compose
