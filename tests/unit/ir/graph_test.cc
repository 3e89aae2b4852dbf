#include "ir/graph.h"

#include <gmock/gmock.h>

#include "sample_ops.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names(const Graph& graph) {
  std::vector<std::string> result;
  for (const Value& value : graph.values) result.push_back(value.name);
  return result;
}

TEST(Graph, ids_count_up) {
  Graph graph;
  EXPECT_EQ(graph.add({.name = "a"}).index, 0);
  EXPECT_EQ(graph.add({.name = "b"}).index, 1);
}

TEST(Graph, an_absent_id_is_not_valid) { EXPECT_FALSE(ValueId{}.valid()); }

TEST(Graph, a_constant_has_the_elements_type_and_bytes) {
  Graph graph;
  const ValueId id = graph.add_constant("axes", {2}, std::vector<int32_t>{1, 2});
  EXPECT_EQ(graph[id].dtype, DType::int32);
  EXPECT_EQ(graph[id].shape, (Shape{2}));
  EXPECT_THAT(graph[id].elements<int32_t>(), ElementsAre(1, 2));
}

TEST(Graph, elements_of_what_is_no_constant_are_our_mistake) {
  const Value value{.name = "x"};
  EXPECT_THAT(thrown_message(ErrorCode::internal, [&] { value.elements<float>(); }),
              HasSubstr("'x' is no constant"));
}

TEST(Graph, append_gives_the_output_the_inferred_type_and_shape) {
  Graph graph;
  const ValueId x = graph.add({.name = "x", .dtype = DType::int16, .shape = {4}});
  const ValueId y = graph.append(std::make_shared<Copy>(), {x}, "y");
  EXPECT_EQ(graph[y].dtype, DType::int16);
  EXPECT_EQ(graph[y].shape, (Shape{4}));
  EXPECT_EQ(graph[y].name, "y");
}

TEST(Graph, append_says_which_op_does_not_fit) {
  Graph graph;
  EXPECT_THAT(
      thrown_message(ErrorCode::format, [&] { graph.append(std::make_shared<Copy>(), {}, "y"); }),
      AllOf(HasSubstr("op COPY 'y'"), HasSubstr("no input 0")));
}

TEST(Graph, append_that_fails_leaves_the_graph_as_it_was) {
  Graph graph;
  thrown_message(ErrorCode::format, [&] { graph.append(std::make_shared<Copy>(), {}, "y"); });
  EXPECT_TRUE(graph.nodes.empty());
  EXPECT_TRUE(graph.values.empty());
}

TEST(Graph, append_is_for_ops_with_one_output) {
  Graph graph;
  const ValueId x = graph.add({.name = "x"});
  thrown_message(ErrorCode::internal, [&] { graph.append(std::make_shared<Fork>(), {x}, "y"); });
}

TEST(Graph, a_copy_shares_constants_but_not_names) {
  Graph graph;
  const ValueId id = graph.add_constant("c", {1}, std::vector<float>{1});
  Graph copy = graph;
  copy[id].name = "d";
  EXPECT_EQ(graph[id].name, "c");
  EXPECT_EQ(copy[id].data->bytes().data(), graph[id].data->bytes().data());
}

TEST(Node, is_seen_as_its_own_op_only) {
  const Graph graph = copy_graph();
  EXPECT_NE(graph.nodes[0].as<Copy>(), nullptr);
  EXPECT_EQ(graph.nodes[0].as<Fork>(), nullptr);
}

TEST(NodeView, shows_absent_inputs_as_null) {
  Graph graph = copy_graph();
  graph.nodes[0].inputs.push_back({});
  const NodeView view = graph.view(graph.nodes[0]);
  EXPECT_EQ(view.inputs[0], &graph.values[0]);
  EXPECT_EQ(view.inputs[1], nullptr);
  EXPECT_EQ(view.optional_input(1), nullptr);
  EXPECT_EQ(view.optional_input(7), nullptr);
}

TEST(NodeView, an_absent_input_that_is_needed_is_named) {
  Graph graph = copy_graph();
  graph.nodes[0].inputs = {ValueId{}};
  const NodeView view = graph.view(graph.nodes[0]);
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { view.input(0); }),
              HasSubstr("COPY has no input 0"));
}

TEST(NodeView, shows_intermediates) {
  Graph graph = copy_graph();
  graph.nodes[0].intermediates = {graph.add({.name = "inside"})};
  EXPECT_EQ(graph.view(graph.nodes[0]).intermediates.at(0)->name, "inside");
}

TEST(Uses, tell_who_makes_and_who_reads) {
  Graph graph = copy_graph();
  const ValueId x = graph.inputs[0];
  const ValueId y = graph.outputs[0];
  graph.append(std::make_shared<Copy>(), {x}, "z");
  const Uses uses = graph.uses();
  EXPECT_EQ(uses.producer, (std::vector<int>{Uses::kNone, 0, 1}));
  EXPECT_THAT(uses.consumers[static_cast<size_t>(x.index)], ElementsAre(0, 1));
  EXPECT_THAT(uses.consumers[static_cast<size_t>(y.index)], IsEmpty());
  EXPECT_EQ(uses.is_output, (std::vector<bool>{false, true, false}));
}

TEST(Uses, count_a_reader_once_an_operand) {
  Graph graph = copy_graph();
  graph.nodes[0].inputs.push_back(graph.inputs[0]);
  EXPECT_THAT(graph.uses().consumers[0], ElementsAre(0, 0));
}

TEST(Uses, pass_over_absent_inputs) {
  Graph graph = copy_graph();
  graph.nodes[0].inputs.push_back({});
  EXPECT_THAT(graph.uses().consumers[0], ElementsAre(0));
}

TEST(Uses, know_intermediates_as_made_by_their_node) {
  Graph graph = copy_graph();
  graph.nodes[0].intermediates = {graph.add({.name = "inside"})};
  EXPECT_EQ(graph.uses().producer[2], 0);
}

TEST(Compact, drops_what_nothing_refers_to_and_keeps_the_order) {
  Graph graph;
  graph.add({.name = "lost"});
  graph.inputs = {graph.add({.name = "x"})};
  graph.add({.name = "lost too"});
  graph.outputs = {graph.append(std::make_shared<Copy>(), graph.inputs, "y")};
  const auto renumbered = graph.compact();
  EXPECT_THAT(names(graph), ElementsAre("x", "y"));
  EXPECT_THAT(renumbered, ElementsAre(ValueId{}, ValueId{0}, ValueId{}, ValueId{1}));
  EXPECT_NO_THROW(verify(graph));
}

TEST(Compact, keeps_unused_inputs_absent_operands_and_intermediates) {
  Graph graph;
  graph.add({.name = "lost"});
  graph.inputs = {graph.add({.name = "x"}), graph.add({.name = "unused"})};
  graph.append(std::make_shared<Copy>(), {graph.inputs[0]}, "y");
  graph.nodes[0].inputs.push_back({});
  graph.nodes[0].intermediates = {graph.add({.name = "inside"})};
  graph.compact();
  EXPECT_THAT(names(graph), ElementsAre("x", "unused", "y", "inside"));
  EXPECT_FALSE(graph.nodes[0].inputs[1].valid());
  EXPECT_EQ(graph[graph.nodes[0].intermediates[0]].name, "inside");
}

TEST(Compact, keeps_what_it_is_told_to) {
  Graph graph;
  graph.add({.name = "lost"});
  const ValueId kept = graph.add({.name = "kept"});
  graph.compact(std::array{kept});
  EXPECT_THAT(names(graph), ElementsAre("kept"));
}

TEST(Compact, brings_signatures_along) {
  Model model;
  model.graph.add({.name = "lost"});
  model.graph.inputs = {model.graph.add({.name = "x"})};
  model.graph.outputs = {model.graph.append(std::make_shared<Copy>(), model.graph.inputs, "y")};
  model.signatures = {{.key = "serve",
                       .inputs = {{"in", model.graph.inputs[0]}},
                       .outputs = {{"out", model.graph.outputs[0]}}}};
  compact(model);
  EXPECT_EQ(model.graph[model.signatures[0].inputs[0].value].name, "x");
  EXPECT_EQ(model.graph[model.signatures[0].outputs[0].value].name, "y");
}

TEST(Compact, keeps_what_only_a_signature_names) {
  Model model;
  model.graph.add({.name = "lost"});
  const ValueId named = model.graph.add({.name = "named"});
  model.signatures = {{.key = "serve", .outputs = {{"out", named}}}};
  compact(model);
  EXPECT_THAT(names(model.graph), ElementsAre("named"));
  EXPECT_EQ(model.signatures[0].outputs[0].value, ValueId{0});
}

TEST(Compact, renumbers_a_signature_by_its_own_subgraph) {
  Model model;
  model.graph = copy_graph();
  Graph other;
  other.add({.name = "lost"});
  other.inputs = {other.add({.name = "a"})};
  other.outputs = other.inputs;
  model.other_graphs = {other};
  model.signatures = {{.key = "other", .inputs = {{"a", other.inputs[0]}}, .subgraph = {1}}};
  compact(model);
  EXPECT_EQ(model.subgraph(1)[model.signatures[0].inputs[0].value].name, "a");
}

TEST(UniqueNames, append_the_smallest_number_that_is_free) {
  Graph graph;
  for (const char* name : {"a", "a", "b", "a", "a1"}) graph.add({.name = name});
  graph.make_names_unique();
  EXPECT_THAT(names(graph), ElementsAre("a", "a2", "b", "a3", "a1"));
}

TEST(UniqueNames, leave_unique_names_alone) {
  Graph graph;
  for (const char* name : {"a", "b1", "b"}) graph.add({.name = name});
  graph.make_names_unique();
  EXPECT_THAT(names(graph), ElementsAre("a", "b1", "b"));
}

TEST(UniqueNames, tell_nameless_values_apart) {
  Graph graph;
  for (int i = 0; i < 3; ++i) graph.add({.name = ""});
  graph.make_names_unique();
  EXPECT_THAT(names(graph), ElementsAre("", "1", "2"));
}

TEST(UniqueNames, do_not_collide_with_a_name_made_before) {
  Graph graph;
  for (const char* name : {"a", "a", "a1", "a1"}) graph.add({.name = name});
  graph.make_names_unique();
  EXPECT_THAT(names(graph), ElementsAre("a", "a2", "a1", "a11"));
}

TEST(UniqueNames, take_no_quadratic_time) {
  Graph graph;
  for (int i = 0; i < 200'000; ++i) graph.add({.name = "same"});
  graph.make_names_unique();  // a minute if each search began at 1
  EXPECT_EQ(graph.values.back().name, "same199999");
}

TEST(Model, counts_its_subgraphs_from_the_one_that_runs) {
  Model model;
  model.graph.name = "main";
  model.other_graphs.resize(1);
  model.other_graphs[0].name = "body";
  EXPECT_EQ(model.subgraph_count(), 2u);
  EXPECT_EQ(model.subgraph(0).name, "main");
  EXPECT_EQ(model.subgraph(1).name, "body");
}

TEST(GraphText, shows_a_node_a_line) {
  Graph graph;
  graph.inputs = {graph.add({.name = "x", .shape = {kDynamic, 3}})};
  const ValueId c = graph.add_constant("c", {2}, std::vector<int32_t>{1, 2});
  const ValueId y = graph.append(std::make_shared<Copy>(), {graph.inputs[0], c, ValueId{}}, "y");
  graph.outputs = {y};
  EXPECT_EQ(to_text(graph),
            "main(%0) -> (%2)\n"
            "  %2 = COPY(%0, %1:int32[2], -) float32[?, 3]\n");
}

TEST(GraphText, shows_attributes_that_are_set) {
  Graph graph;
  auto op = std::make_shared<Everything>();
  op->flag = true;
  op->number = 0;
  op->real = 0;
  graph.nodes.push_back({.op = op});
  EXPECT_THAT(to_text(graph), HasSubstr("EVERYTHING() {padding=VALID}"));
}

}  // namespace
}  // namespace litesmith
