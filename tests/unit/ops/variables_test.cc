#include "ops/variables.h"

#include <gmock/gmock.h>

#include "nodes.h"
#include "ops/signal.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<const Op> handle(std::string name) {
  auto op = std::make_shared<VarHandle>();
  op->shared_name = std::move(name);
  return op;
}

ValueId add_handle(Graph& graph, const std::string& name) {
  const ValueId id = graph.add({.name = "handle", .dtype = DType::resource, .shape = {}});
  graph.nodes.push_back({.op = handle(name), .outputs = {id}});
  return id;
}

void assign(Graph& graph, ValueId variable, ValueId value) {
  graph.nodes.push_back({.op = std::make_shared<AssignVariable>(), .inputs = {variable, value}});
}

// y = state; state = x. A subgraph makes the state begin with sevens, when it does so at all.
struct Delay {
  Model model;
  ValueId first, second, x, y;

  explicit Delay(bool begins) {
    Graph& graph = model.graph;
    if (begins) {
      auto call = std::make_shared<CallOnce>();
      call->init_subgraph_index = {1};
      graph.nodes.push_back({.op = call});
      Graph& init = model.other_graphs.emplace_back();
      const ValueId start = init.add_constant<float>("start", {2}, {7, 7});
      assign(init, add_handle(init, "state"), start);
    }
    x = graph.add(tensor({2}));
    y = graph.add(tensor({2}));
    graph.inputs = {x};
    graph.outputs = {y};
    first = add_handle(graph, "state");
    second = add_handle(graph, "state");
    graph.nodes.push_back(
        {.op = std::make_shared<ReadVariable>(), .inputs = {first}, .outputs = {y}});
    assign(graph, second, x);
  }
};

TEST(ResolveVariables, handles_of_one_name_are_one_value) {
  const Delay delay(true);
  const Graph graph = resolve_variables(delay.model);
  EXPECT_EQ(graph.nodes.back().inputs[0], delay.first);
  const Value& variable = graph[delay.first];
  EXPECT_TRUE(variable.is_variable);
  EXPECT_EQ(variable.dtype, DType::float32);
  EXPECT_EQ(variable.shape, (Shape{2}));
}

std::vector<float> start_of(const Graph& graph, ValueId variable) {
  for (const Node& node : graph.nodes) {
    if (node.outputs != std::vector{variable} || node.inputs.empty()) continue;
    const auto elements = graph[node.inputs[0]].elements<float>();
    return {elements.begin(), elements.end()};
  }
  return {};
}

TEST(ResolveVariables, a_variable_begins_with_what_call_once_assigns) {
  const Delay delay(true);
  EXPECT_EQ(start_of(resolve_variables(delay.model), delay.first), (std::vector<float>{7, 7}));
}

TEST(ResolveVariables, a_variable_nobody_assigned_begins_with_zeros) {
  const Delay delay(false);
  EXPECT_EQ(start_of(resolve_variables(delay.model), delay.first), (std::vector<float>{0, 0}));
}

TEST(ResolveVariables, refuses_a_beginning_that_is_computed) {
  Delay delay(true);
  Graph& init = delay.model.other_graphs[0];
  init.values[0].data.reset();
  EXPECT_THROW(resolve_variables(delay.model), Error);
}

TEST(ResolveVariables, refuses_a_size_that_is_not_known) {
  Delay delay(false);
  delay.model.graph[delay.y].shape = {kDynamic};
  EXPECT_THROW(resolve_variables(delay.model), Error);
}

TEST(ResolveVariables, what_an_op_remembers_becomes_a_variable_of_its_own) {
  Model model;
  Graph& graph = model.graph;
  graph.inputs = {graph.add(tensor({4}, DType::uint32))};
  const auto op = std::make_shared<SignalFilterBankSpectralSubtraction>();
  op->num_channels = 4;
  graph.nodes.push_back({.op = op, .inputs = graph.inputs});
  const Graph made = resolve_variables(model);
  ASSERT_EQ(made.nodes[0].inputs.size(), 2u);
  const Value& noise = made[made.nodes[0].inputs[1]];
  EXPECT_TRUE(noise.is_variable);
  EXPECT_EQ(noise.dtype, DType::uint32);
  EXPECT_EQ(noise.shape, (Shape{4}));
  EXPECT_EQ(graph.nodes[0].inputs.size(), 1u);
}

TEST(ResolveVariables, leaves_other_graphs_alone) {
  Model model;
  model.graph.inputs = {model.graph.add(tensor({2}))};
  EXPECT_EQ(to_text(resolve_variables(model)), to_text(model.graph));
}

TEST(AssignVariable, refuses_another_type_or_shape) {
  Value variable = tensor({2, 3});
  variable.is_variable = true;
  EXPECT_THAT(refusal(AssignVariable(), {variable, tensor({3, 2})}), HasSubstr("does not fit"));
  EXPECT_THAT(refusal(AssignVariable(), {variable, tensor({2, 3}, DType::int8)}),
              HasSubstr("does not fit"));
  EXPECT_TRUE(infer(AssignVariable(), {variable, tensor({2, 3})}).empty());
}

TEST(ReadVariable, makes_what_the_file_says_until_its_handle_is_tied) {
  const Value resource = tensor({}, DType::resource);
  EXPECT_EQ(shape_of(ReadVariable(), {resource}, {tensor({4, 5})}), (Shape{4, 5}));
  EXPECT_EQ(shape_of(ReadVariable(), {tensor({2, 3})}), (Shape{2, 3}));
  EXPECT_THROW(infer(ReadVariable(), {resource}), Error);
}

}  // namespace
}  // namespace litesmith
