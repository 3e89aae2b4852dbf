// Steps whose shapes only a run can tell, and calls of other subgraphs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/binary.h"
#include "ops/comparison.h"
#include "ops/if.h"
#include "ops/pad.h"
#include "ops/where.h"
#include "ops/while.h"
#include "testing/run_graph.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ValueId input(Graph& graph, Shape shape, DType dtype = DType::float32) {
  const ValueId id = graph.add({.name = "x", .dtype = dtype, .shape = std::move(shape)});
  graph.inputs.push_back(id);
  return id;
}

// The places of what is not zero.
Graph places() {
  Graph graph;
  const ValueId x = input(graph, {4});
  graph.outputs = {graph.append(std::make_shared<Where>(), {x}, "places")};
  return graph;
}

TEST(DynamicPlan, a_shape_that_follows_from_values_changes_from_run_to_run) {
  Interpreter interpreter(Plan::make(places(), {.dynamic = true}));
  const ValueId out = interpreter.plan().graph().outputs[0];
  EXPECT_TRUE(interpreter.plan().is_dynamic(out));
  testing::fill<float>(interpreter, 0, {0, 1, 0, 2});
  interpreter.invoke();
  EXPECT_THAT(testing::read<int64_t>(interpreter, 0), ElementsAre(1, 3));
  EXPECT_THAT(interpreter.shape(out), ElementsAre(2, 1));
  testing::fill<float>(interpreter, 0, {0, 0, 0, 0});
  interpreter.invoke();
  EXPECT_THAT(interpreter.shape(out), ElementsAre(0, 1));
}

TEST(DynamicPlan, is_made_only_for_who_asked) {
  EXPECT_THAT(thrown_message(ErrorCode::unsupported, [] { Plan::make(places(), {}); }),
              HasSubstr("depends on values that only a run can tell"));
}

// then: x + y, else: x * y.
Model choice() {
  Model model;
  for (const auto& op : {std::shared_ptr<const Op>(std::make_shared<Add>()),
                         std::shared_ptr<const Op>(std::make_shared<Mul>())}) {
    Graph& branch = model.other_graphs.emplace_back();
    const ValueId x = input(branch, {2});
    const ValueId y = input(branch, {2});
    branch.outputs = {branch.append(op, {x, y}, "z")};
  }
  Graph& graph = model.graph;
  const ValueId condition = input(graph, {}, DType::boolean);
  const ValueId x = input(graph, {2});
  const ValueId y = input(graph, {2});
  auto op = std::make_shared<If>();
  op->then_subgraph_index = {1};
  op->else_subgraph_index = {2};
  const ValueId out = graph.add({.name = "z", .shape = {2}});
  graph.nodes.push_back({.op = op, .inputs = {condition, x, y}, .outputs = {out}});
  graph.outputs = {out};
  return model;
}

TEST(DynamicPlan, if_runs_the_branch_that_the_condition_says) {
  const Model model = choice();
  Interpreter interpreter(Plan::make(model.graph, {}, subgraphs_of(model)));
  testing::fill<float>(interpreter, 1, {2, 3});
  testing::fill<float>(interpreter, 2, {5, 7});
  testing::fill<uint8_t>(interpreter, 0, {1});
  interpreter.invoke();
  EXPECT_THAT(testing::read<float>(interpreter, 0), ElementsAre(7, 10));
  testing::fill<float>(interpreter, 1, {2, 3});
  testing::fill<float>(interpreter, 2, {5, 7});
  testing::fill<uint8_t>(interpreter, 0, {0});
  interpreter.invoke();
  EXPECT_THAT(testing::read<float>(interpreter, 0), ElementsAre(10, 21));
}

TEST(DynamicPlan, a_call_needs_its_subgraph_and_the_right_number_of_operands) {
  const Model model = choice();
  EXPECT_THAT(thrown_message(ErrorCode::unsupported, [&] { Plan::make(model.graph, {}); }),
              HasSubstr("op 0 IF: subgraph 1, which it calls, is not there"));
  Model other = choice();
  other.other_graphs[1].inputs.pop_back();
  EXPECT_THAT(
      thrown_message(ErrorCode::data, [&] { Plan::make(other.graph, {}, subgraphs_of(other)); }),
      HasSubstr("it takes 1 inputs, but is called with 2"));
}

TEST(DynamicPlan, a_call_takes_no_absent_operands) {
  Model model = choice();
  model.graph.nodes[0].inputs[2] = ValueId{};
  EXPECT_THAT(
      thrown_message(ErrorCode::data, [&] { Plan::make(model.graph, {}, subgraphs_of(model)); }),
      HasSubstr("op 0 IF: an operand is absent"));
}

// while (x < limit) x = x + 1, and with `grows` a second value that gets longer each round.
Model loop(bool grows) {
  Model model;
  Graph condition;
  const ValueId c = input(condition, {}, DType::int32);
  if (grows) input(condition, {1}, DType::int32);
  const ValueId limit = condition.add_constant<int32_t>("limit", {}, {3});
  condition.outputs = {condition.append(std::make_shared<Less>(), {c, limit}, "more")};
  Graph body;
  const ValueId x = input(body, {}, DType::int32);
  const ValueId one = body.add_constant<int32_t>("one", {}, {1});
  body.outputs = {body.append(std::make_shared<Add>(), {x, one}, "next")};
  if (grows) {
    const ValueId row = input(body, {1}, DType::int32);
    const ValueId by = body.add_constant<int32_t>("by", {1, 2}, {0, 1});
    body.outputs.push_back(body.append(std::make_shared<Pad>(), {row, by}, "longer"));
  }
  model.other_graphs = {condition, body};
  Graph& graph = model.graph;
  std::vector<ValueId> inputs = {input(graph, {}, DType::int32)};
  std::vector<ValueId> outputs = {graph.add({.name = "last", .dtype = DType::int32, .shape = {}})};
  if (grows) {
    inputs.push_back(input(graph, {1}, DType::int32));
    outputs.push_back(graph.add({.name = "row", .dtype = DType::int32, .shape = {1}}));
  }
  auto op = std::make_shared<While>();
  op->cond_subgraph_index = {1};
  op->body_subgraph_index = {2};
  graph.nodes.push_back({.op = op, .inputs = inputs, .outputs = outputs});
  graph.outputs = outputs;
  return model;
}

TEST(DynamicPlan, while_of_known_shapes_needs_no_dynamic_plan) {
  const Model model = loop(false);
  Interpreter interpreter(Plan::make(model.graph, {}, subgraphs_of(model)));
  EXPECT_FALSE(interpreter.plan().has_dynamic_values());
  for (const int32_t start : {0, 2, 9}) {
    testing::fill<int32_t>(interpreter, 0, {start});
    interpreter.invoke();
    EXPECT_THAT(testing::read<int32_t>(interpreter, 0), ElementsAre(std::max(start, 3)));
  }
}

TEST(DynamicPlan, while_may_let_a_tensor_grow) {
  const Model model = loop(true);
  EXPECT_THROW(Plan::make(model.graph, {}, subgraphs_of(model)), Error);
  Interpreter interpreter(Plan::make(model.graph, {.dynamic = true}, subgraphs_of(model)));
  testing::fill<int32_t>(interpreter, 0, {1});
  testing::fill<int32_t>(interpreter, 1, {7});
  interpreter.invoke();
  EXPECT_THAT(testing::read<int32_t>(interpreter, 1), ElementsAre(7, 0, 0));
}

// Each of `depth` subgraphs calls the next one twice.
TEST(DynamicPlan, calls_that_nest_and_repeat_without_measure_are_refused) {
  for (const int32_t depth : {20, 1000}) {
    Model model;
    for (int32_t i = 0; i <= depth; ++i) {
      Graph& graph =
          model.subgraph_count() == 1 && i == 0 ? model.graph : model.other_graphs.emplace_back();
      const ValueId condition = input(graph, {}, DType::boolean);
      if (i == depth) {
        graph.outputs = {condition};
        break;
      }
      auto op = std::make_shared<If>();
      op->then_subgraph_index = op->else_subgraph_index = {i + 1};
      const ValueId out = graph.add({.name = "y", .dtype = DType::boolean, .shape = {}});
      graph.nodes.push_back({.op = op, .inputs = {condition, condition}, .outputs = {out}});
      graph.outputs = {out};
    }
    EXPECT_THROW(Plan::make(model.graph, {}, subgraphs_of(model)), Error) << depth;
  }
}

}  // namespace
}  // namespace litesmith
