#include <gtest/gtest.h>

#include "ops/binary.h"
#include "ops/fully_connected.h"
#include "ops/reduce.h"
#include "ops/unary.h"
#include "rewrite/only.h"

namespace litesmith {
namespace {

using testing::after;
using testing::floats_of;
using testing::GraphBuilder;
using testing::op_names;
using testing::op_with;

TEST(ShareEqualNodes, two_equal_branches_become_one) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4});
  const ValueId w = builder.ramp({2, 4});
  const ValueId a = builder.op(Tanh{}, {builder.op(FullyConnected{}, {x, w, ValueId{}})});
  const ValueId b = builder.op(Tanh{}, {builder.op(FullyConnected{}, {x, w, ValueId{}})});
  const Graph graph = after(builder.model({builder.op(Add{}, {a, b})}), {"share-equal-nodes"});
  EXPECT_EQ(op_names(graph), "FULLY_CONNECTED TANH ADD");
  EXPECT_EQ(graph.nodes[2].inputs[0], graph.nodes[2].inputs[1]);
}

TEST(ShareEqualNodes, not_with_other_attributes_or_inputs) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 2});
  const ValueId kept = builder.op(op_with<Mean>(&Mean::keep_dims, true), {x, builder.ints({0})});
  const ValueId dropped = builder.op(Mean{}, {x, builder.ints({0})});
  const ValueId y = builder.op(Add{}, {kept, dropped});
  EXPECT_EQ(op_names(after(builder.model({y}), {"share-equal-nodes", "share-equal-constants"})),
            "MEAN MEAN ADD");
}

TEST(ShareEqualNodes, not_the_outputs_of_the_graph) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4});
  const Graph graph = after(builder.model({builder.op(Tanh{}, {x}), builder.op(Tanh{}, {x})}),
                            {"share-equal-nodes"});
  EXPECT_EQ(op_names(graph), "TANH TANH");
}

TEST(ShareEqualNodes, not_what_reads_a_variable) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4});
  const ValueId state =
      builder.graph().add({.name = "state", .shape = {1, 4}, .is_variable = true});
  const ValueId y =
      builder.op(Add{}, {builder.op(Mul{}, {x, state}), builder.op(Mul{}, {x, state})});
  EXPECT_EQ(op_names(after(builder.model({y}), {"share-equal-nodes"})), "MUL MUL ADD");
}

TEST(ShareEqualConstants, equal_bytes_of_one_type_and_shape_become_one) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 2});
  ValueId y = builder.op(Add{}, {x, builder.floats({2}, {1, 2})});
  y = builder.op(Mul{}, {y, builder.floats({2}, {1, 2})});
  y = builder.op(Mul{}, {y, builder.floats({1, 2}, {1, 2})});
  const Graph graph = after(builder.model({y}), {"share-equal-constants"});
  EXPECT_EQ(graph.nodes[0].inputs[1], graph.nodes[1].inputs[1]);
  EXPECT_NE(graph.nodes[0].inputs[1], graph.nodes[2].inputs[1]);
  EXPECT_EQ(graph.values.size(), 6u);
}

TEST(ShareEqualConstants, not_with_other_scales) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 2}, DType::int8);
  const ValueId a = builder.constant<int8_t>("a", {2}, {1, 2});
  const ValueId b = builder.constant<int8_t>("b", {2}, {1, 2});
  const ValueId y = builder.op(Add{}, {builder.op(Add{}, {x, a}), b});
  builder.graph()[b].quantization = {.scale = {0.5f}, .zero_point = {0}};
  const Graph graph = after(builder.model({y}), {"share-equal-constants"});
  EXPECT_NE(graph.nodes[0].inputs[1], graph.nodes[1].inputs[1]);
}

// An evaluator for the tests: every float op's result is all sevens.
std::optional<std::vector<Buffer>> sevens(const Graph& graph, const Node& node) {
  const auto count = static_cast<size_t>(element_count(graph[node.outputs[0]].shape));
  return std::vector<Buffer>{Buffer::of(std::vector<float>(count, 7.0f))};
}

TEST(FoldConstants, an_op_of_constants_is_run_once) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2});
  const ValueId c = builder.op(Add{}, {builder.floats({2}, {1, 2}), builder.floats({2}, {3, 4})});
  const ValueId y = builder.op(Mul{}, {x, c});
  const Graph graph = after(builder.model({y}), {"fold-constants"}, sevens);
  EXPECT_EQ(op_names(graph), "MUL");
  EXPECT_EQ(floats_of(graph, 0, 1), (std::vector<float>{7, 7}));
}

TEST(FoldConstants, not_without_an_evaluator_nor_when_it_cannot) {
  const auto model = [] {
    GraphBuilder builder;
    const ValueId x = builder.input("x", {2});
    return builder.model({builder.op(Mul{}, {x, builder.op(Tanh{}, {builder.ramp({2})})})});
  };
  EXPECT_EQ(op_names(after(model(), {"fold-constants"})), "TANH MUL");
  const Evaluator cannot = [](const Graph&, const Node&) { return std::nullopt; };
  EXPECT_EQ(op_names(after(model(), {"fold-constants"}, cannot)), "TANH MUL");
}

TEST(FoldConstants, not_into_something_larger) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {100, 100});
  const ValueId table = builder.op(Mul{}, {builder.ramp({100, 1}), builder.ramp({1, 100})});
  const ValueId y = builder.op(Add{}, {x, table});
  EXPECT_EQ(op_names(after(builder.model({y}), {"fold-constants"}, sevens)), "MUL ADD");
}

TEST(FoldConstants, not_what_is_an_output) {
  GraphBuilder builder;
  builder.input("x", {2});
  const ValueId y = builder.op(Tanh{}, {builder.ramp({2})});
  EXPECT_EQ(op_names(after(builder.model({y}), {"fold-constants"}, sevens)), "TANH");
}

}  // namespace
}  // namespace litesmith
