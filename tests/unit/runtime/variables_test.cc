// Variables in a plan: they keep their values from run to run, and begin anew when told.
#include "ops/variables.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "base/error.h"
#include "ops/binary.h"
#include "runtime/interpreter.h"

namespace litesmith {
namespace {

// y = sum + x; sum = y, sum beginning with 10.
Model running_sum() {
  Model model;
  auto handle = std::make_shared<VarHandle>();
  handle->shared_name = "sum";
  auto add_handle = [&](Graph& graph) {
    const ValueId id = graph.add({.name = "h", .dtype = DType::resource, .shape = {}});
    graph.nodes.push_back({.op = handle, .outputs = {id}});
    return id;
  };
  auto call = std::make_shared<CallOnce>();
  call->init_subgraph_index = {1};
  Graph& init = model.other_graphs.emplace_back();
  const ValueId start = init.add_constant<float>("start", {1}, {10});
  const ValueId target = add_handle(init);
  init.nodes.push_back({.op = std::make_shared<AssignVariable>(), .inputs = {target, start}});

  Graph& graph = model.graph;
  const ValueId x = graph.add({.name = "x", .shape = {1}});
  const ValueId before = graph.add({.name = "before", .shape = {1}});
  graph.inputs = {x};
  graph.nodes.push_back({.op = call});
  const ValueId sum = add_handle(graph);
  graph.nodes.push_back(
      {.op = std::make_shared<ReadVariable>(), .inputs = {sum}, .outputs = {before}});
  const ValueId y = graph.append(std::make_shared<Add>(), {before, x}, "y");
  graph.nodes.push_back({.op = std::make_shared<AssignVariable>(), .inputs = {sum, y}});
  graph.outputs = {y};
  return model;
}

float next(Interpreter& interpreter, float x) {
  std::memcpy(interpreter.input(0).data(), &x, sizeof x);
  interpreter.invoke();
  float y = 0;
  std::memcpy(&y, interpreter.output(0).data(), sizeof y);
  return y;
}

TEST(Variables, keep_their_values_from_run_to_run) {
  Interpreter interpreter(Plan::make(resolve_variables(running_sum()), {}));
  EXPECT_EQ(next(interpreter, 1), 11);
  EXPECT_EQ(next(interpreter, 2), 13);
  EXPECT_EQ(next(interpreter, 4), 17);
}

TEST(Variables, begin_anew_when_reset) {
  Interpreter interpreter(Plan::make(resolve_variables(running_sum()), {}));
  next(interpreter, 5);
  interpreter.reset();
  EXPECT_EQ(next(interpreter, 1), 11);
}

TEST(Variables, belong_to_the_interpreter) {
  const auto plan = Plan::make(resolve_variables(running_sum()), {});
  Interpreter one(plan);
  Interpreter other(plan);
  next(one, 5);
  EXPECT_EQ(next(other, 1), 11);
}

// A graph that gives out what its variable tensor holds.
Graph with_variable_tensor(DType dtype, Quantization quantization) {
  Graph graph;
  Value state{.name = "state", .dtype = dtype, .shape = {2}, .is_variable = true};
  state.quantization = std::move(quantization);
  graph.outputs = {graph.add(state)};
  return graph;
}

TEST(Variables, that_are_tensors_begin_with_zeros) {
  const Graph floats = with_variable_tensor(DType::float32, {});
  Interpreter interpreter(Plan::make(floats, {}));
  EXPECT_EQ(interpreter.output(0)[7], std::byte{0});
  auto* memory = const_cast<std::byte*>(interpreter.output(0).data());
  memory[7] = std::byte{5};
  interpreter.reset();
  EXPECT_EQ(interpreter.output(0)[7], std::byte{0});
}

TEST(Variables, that_are_inputs_are_the_callers) {
  Graph graph = with_variable_tensor(DType::float32, {});
  graph.inputs = graph.outputs;
  Interpreter interpreter(Plan::make(graph, {}));
  interpreter.input(0)[7] = std::byte{5};
  interpreter.reset();
  EXPECT_EQ(interpreter.output(0)[7], std::byte{5});
}

TEST(Variables, of_int8_begin_with_the_zero_point) {
  const Graph graph = with_variable_tensor(DType::int8, {{0.5f}, {-3}, 0});
  const Interpreter interpreter(Plan::make(graph, {}));
  EXPECT_EQ(static_cast<int8_t>(interpreter.output(0)[1]), -3);
}

TEST(Variables, of_a_graph_that_was_not_resolved_cannot_run) {
  EXPECT_THROW(Plan::make(running_sum().graph, {}), Error);
}

}  // namespace
}  // namespace litesmith
