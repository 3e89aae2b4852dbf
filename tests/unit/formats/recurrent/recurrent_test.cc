#include "formats/recurrent/recurrent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/error.h"
#include "ops/unary.h"

namespace litesmith::recurrent {
namespace {

Weights weights_of(int32_t gates, bool two_biases = false) {
  Weights weights;
  weights.units = 3;
  weights.inputs = 2;
  weights.kernel.assign(static_cast<size_t>(gates) * 3 * 2, 0.5f);
  weights.recurrent.assign(static_cast<size_t>(gates) * 3 * 3, 0.25f);
  weights.bias.assign(static_cast<size_t>(gates) * 3, 1.0f);
  if (two_biases) weights.recurrent_bias.assign(static_cast<size_t>(gates) * 3, 2.0f);
  return weights;
}

class Recurrent : public ::testing::Test {
 protected:
  ValueId input(Shape shape) {
    const ValueId x = graph.add({.name = "x", .shape = std::move(shape)});
    graph.inputs.push_back(x);
    return x;
  }
  Layer layer(const Weights& weights) {
    return {.graph = graph,
            .name = "layer",
            .weights = weights,
            .activation =
                [this](ValueId x) { return graph.append(std::make_shared<Tanh>(), {x}, "tanh"); },
            .recurrent_activation =
                [this](ValueId x) {
                  return graph.append(std::make_shared<Logistic>(), {x}, "sigmoid");
                }};
  }
  std::map<std::string_view, int> counts() const {
    std::map<std::string_view, int> result;
    for (const Node& node : graph.nodes) ++result[node.def().name];
    return result;
  }
  const Value* find(std::string_view name) const {
    for (const Value& value : graph.values) {
      if (value.name == name) return &value;
    }
    return nullptr;
  }
  Graph graph;
};

TEST_F(Recurrent, the_fused_operator_has_states_of_the_batch) {
  const Weights weights = weights_of(4);
  const ValueId y = fused_lstm(graph, "layer", weights, input({2, 5, 2}));
  EXPECT_EQ(graph[y].shape, (Shape{2, 5, 3}));
  ASSERT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(graph.nodes[0].inputs.size(), 24u);
  ASSERT_NE(find("layer/cell_state"), nullptr);
  EXPECT_EQ(find("layer/cell_state")->shape, (Shape{2, 3}));
  EXPECT_TRUE(find("layer/output_state")->is_variable);
}

TEST_F(Recurrent, the_first_step_multiplies_no_state_of_zeros) {
  const Weights weights = weights_of(4);
  const Result result = unroll_lstm(layer(weights), input({kDynamic, 5, 2}));
  EXPECT_EQ(graph[result.last].shape, (Shape{kDynamic, 3}));
  EXPECT_EQ(graph[result.cell].shape, (Shape{kDynamic, 3}));
  EXPECT_FALSE(result.outputs.valid());
  // One for the input, and one a step but the first.
  EXPECT_EQ(counts()["FULLY_CONNECTED"], 1 + 4);
  EXPECT_EQ(counts()["TANH"], 2 * 5);
}

TEST_F(Recurrent, a_given_state_enters_the_first_step) {
  const Weights weights = weights_of(1);
  Layer with_state = layer(weights);
  with_state.initial_state = {graph.add({.name = "h", .shape = {kDynamic, 3}})};
  with_state.wants_outputs = true;
  const Result result = unroll_simple(with_state, input({kDynamic, 5, 2}));
  EXPECT_EQ(counts()["FULLY_CONNECTED"], 1 + 5);
  EXPECT_EQ(graph[result.outputs].shape, (Shape{kDynamic, 5, 3}));
}

TEST_F(Recurrent, a_step_that_does_not_count_leaves_the_state) {
  const Weights weights = weights_of(4);
  Layer masked = layer(weights);
  masked.mask = graph.add({.name = "mask", .dtype = DType::boolean, .shape = {kDynamic, 5}});
  masked.wants_outputs = true;
  const Result result = unroll_lstm(masked, input({kDynamic, 5, 2}));
  EXPECT_EQ(counts()["SELECT_V2"], 2 * 5);  // of the output, which is the state, and of the cell
  EXPECT_EQ(result.last, result.state);
  masked.zeros_for_mask = true;
  const Result zeros = unroll_lstm(masked, input({kDynamic, 5, 2}));
  EXPECT_EQ(counts()["SELECT_V2"], 2 * 5 + 3 * 5);
  EXPECT_NE(zeros.last, zeros.state);
}

TEST_F(Recurrent, a_mask_fits_the_steps) {
  const Weights weights = weights_of(1);
  Layer masked = layer(weights);
  masked.mask = graph.add({.name = "mask", .dtype = DType::boolean, .shape = {kDynamic, 4}});
  EXPECT_THROW(unroll_simple(masked, input({kDynamic, 5, 2})), Error);
}

TEST_F(Recurrent, biases_that_are_only_ever_added_are_one) {
  const Weights weights = weights_of(3, true);
  unroll_gru(layer(weights), input({1, 2, 2}), true);
  // Update and reset: both; new: its recurrent bias is inside what the reset gate multiplies.
  EXPECT_THAT(find("layer/bias")->elements<float>(),
              ::testing::ElementsAre(3, 3, 3, 3, 3, 3, 1, 1, 1));
  EXPECT_THAT(find("layer/new_bias")->elements<float>(), ::testing::ElementsAre(2, 2, 2));
  graph = {};
  unroll_gru(layer(weights), input({1, 2, 2}), false);
  EXPECT_THAT(find("layer/bias")->elements<float>(), ::testing::Each(3));
  EXPECT_EQ(find("layer/new_bias"), nullptr);
}

TEST_F(Recurrent, backwards_begins_at_the_last_step) {
  const Weights weights = weights_of(1);
  Layer backwards = layer(weights);
  backwards.backwards = true;
  unroll_simple(backwards, input({1, 3, 2}));
  // The first activation is that of the last of UNPACK's outputs.
  const Node& unpack = graph.nodes.at(1);
  ASSERT_EQ(unpack.def().name, "UNPACK");
  EXPECT_EQ(graph.nodes.at(2).inputs.at(0), unpack.outputs.back());
}

TEST_F(Recurrent, steps_that_are_unknown_or_too_many_are_refused) {
  const Weights weights = weights_of(1);
  EXPECT_THROW(unroll_simple(layer(weights), input({1, kDynamic, 2})), Error);
  EXPECT_THROW(unroll_simple(layer(weights), input({1, kMaxSteps + 1, 2})), Error);
  // Each layer is small enough, but not all of them.
  const ValueId longest = input({1, kMaxSteps, 2});
  EXPECT_THROW(for (int i = 0; i < 100; ++i) unroll_simple(layer(weights), longest), Error);
}

}  // namespace
}  // namespace litesmith::recurrent
