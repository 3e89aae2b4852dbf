// Every finding of verify(), on the smallest graph that has it.
#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <limits>

#include "ir/graph.h"
#include "sample_ops.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// What verify() says about x -> COPY -> y after `change`.
std::string finding(const std::function<void(Graph&)>& change) {
  Graph graph = copy_graph();
  change(graph);
  return thrown_message(ErrorCode::format, [&] { verify(graph); });
}

Graph changed(const std::function<void(Graph&)>& change) {
  Graph graph = copy_graph();
  change(graph);
  return graph;
}

TEST(Verify, passes_a_sound_graph) { EXPECT_NO_THROW(verify(copy_graph())); }

TEST(Verify, passes_an_empty_graph) { EXPECT_NO_THROW(verify(Graph())); }

TEST(Verify, passes_a_shape_that_is_known_on_one_side_only) {
  EXPECT_NO_THROW(verify(changed([](Graph& g) { g.values[0].shape = {kDynamic, 3}; })));
  EXPECT_NO_THROW(verify(changed([](Graph& g) { g.values[1].shape = {2, kDynamic}; })));
}

TEST(Verify, passes_a_variable_that_nothing_made) {
  EXPECT_NO_THROW(verify(changed([](Graph& g) {
    g.inputs.clear();
    g.values[0].is_variable = true;
  })));
}

TEST(Verify, finds_an_input_that_does_not_exist) {
  EXPECT_THAT(finding([](Graph& g) { g.inputs.push_back({99}); }),
              HasSubstr("graph input refers to tensor 99, which does not exist"));
}

TEST(Verify, finds_an_output_that_does_not_exist) {
  EXPECT_THAT(finding([](Graph& g) { g.outputs = {ValueId{}}; }),
              HasSubstr("graph output refers to tensor -1"));
}

TEST(Verify, finds_an_operand_that_does_not_exist) {
  EXPECT_THAT(finding([](Graph& g) { g.nodes[0].inputs = {ValueId{99}}; }),
              HasSubstr("op 0 COPY refers to tensor 99"));
}

TEST(Verify, finds_a_result_that_does_not_exist) {
  EXPECT_THAT(finding([](Graph& g) { g.nodes[0].outputs = {ValueId{99}}; }),
              HasSubstr("op 0 COPY refers to tensor 99"));
}

TEST(Verify, finds_an_intermediate_that_does_not_exist) {
  EXPECT_THAT(finding([](Graph& g) { g.nodes[0].intermediates = {ValueId{99}}; }),
              HasSubstr("op 0 COPY refers to tensor 99"));
}

TEST(Verify, finds_a_value_made_twice) {
  EXPECT_THAT(finding([](Graph& g) { g.nodes.push_back(g.nodes[0]); }),
              HasSubstr("op 1 COPY makes 'y', which already has a value"));
}

TEST(Verify, finds_an_intermediate_of_two_nodes) {
  EXPECT_THAT(finding([](Graph& g) {
                const ValueId inside = g.add({.name = "inside"});
                g.nodes[0].intermediates = {inside, inside};
              }),
              HasSubstr("makes 'inside', which already has a value"));
}

TEST(Verify, finds_an_input_given_twice) {
  EXPECT_THAT(finding([](Graph& g) { g.inputs.push_back(g.inputs[0]); }),
              HasSubstr("graph input makes 'x', which already has a value"));
}

TEST(Verify, finds_a_constant_that_is_made) {
  EXPECT_THAT(finding([](Graph& g) { g.values[1].data = Buffer::of(std::vector<float>(6)); }),
              HasSubstr("makes 'y', which already has a value"));
}

TEST(Verify, finds_a_cycle) {
  // y = COPY(z); z = COPY(y)
  EXPECT_THAT(finding([](Graph& g) {
                const ValueId z = g.append(std::make_shared<Copy>(), {g.outputs[0]}, "z");
                g.nodes[0].inputs = {z};
              }),
              HasSubstr("op 0 COPY reads 'z', which nothing has made yet"));
}

TEST(Verify, finds_an_output_that_nothing_makes) {
  EXPECT_THAT(finding([](Graph& g) { g.outputs = {g.add({.name = "lost"})}; }),
              HasSubstr("graph output reads 'lost', which nothing has made yet"));
}

TEST(Verify, finds_an_op_with_too_few_inputs) {
  EXPECT_THAT(finding([](Graph& g) { g.nodes[0].inputs.clear(); }),
              HasSubstr("op 0 COPY: COPY has no input 0"));
}

TEST(Verify, finds_a_wrong_number_of_outputs) {
  EXPECT_THAT(finding([](Graph& g) { g.nodes[0].op = std::make_shared<Fork>(); }),
              HasSubstr("op 0 FORK has 1 outputs, not 2"));
}

TEST(Verify, finds_a_wrong_size) {
  EXPECT_THAT(finding([](Graph& g) {
                g.values[1].shape = {2, 4};
              }),
              HasSubstr("makes shape [2, 3], but 'y' says [2, 4]"));
}

TEST(Verify, finds_a_wrong_rank) {
  EXPECT_THAT(finding([](Graph& g) { g.values[1].shape = {2}; }),
              HasSubstr("makes shape [2, 3], but 'y' says [2]"));
}

TEST(Verify, finds_a_wrong_type) {
  EXPECT_THAT(finding([](Graph& g) { g.values[1].dtype = DType::int8; }),
              HasSubstr("makes float32, but 'y' says int8"));
}

TEST(Verify, finds_a_dimension_below_dynamic) {
  EXPECT_THAT(finding([](Graph& g) {
                g.values[0].shape = {2, -7};
              }),
              HasSubstr("tensor 'x' has a shape that cannot exist, [2, -7]"));
}

TEST(Verify, finds_a_product_of_dimensions_that_overflows) {
  constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
  EXPECT_THAT(finding([](Graph& g) {
                g.values[0].shape = {kMax, kMax, kMax};
              }),
              HasSubstr("tensor 'x' has a shape that cannot exist"));
}

TEST(Verify, finds_a_tensor_larger_than_any_memory) {
  constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
  EXPECT_THAT(finding([](Graph& g) {
                g.values[0].shape = {kMax, kMax};
              }),
              HasSubstr("tensor 'x' has a shape that cannot exist"));
}

TEST(Verify, finds_a_constant_with_too_few_bytes) {
  EXPECT_THAT(finding([](Graph& g) {
                const ValueId c = g.add_constant("c", {3}, std::vector<float>{1, 2, 3});
                g[c].shape = {4};
              }),
              HasSubstr("constant 'c' of shape [4] holds 12 bytes"));
}

TEST(Verify, finds_a_huge_shape_claimed_by_a_small_constant) {
  EXPECT_THAT(finding([](Graph& g) {
                const ValueId c = g.add_constant("c", {3}, std::vector<float>{1, 2, 3});
                g[c].shape = {1 << 30};
              }),
              HasSubstr("holds 12 bytes"));
}

TEST(Verify, counts_a_constant_of_packed_elements_by_the_half_byte) {
  Graph graph;
  Value value{.name = "c", .dtype = DType::int4, .shape = {3}};
  value.data = Buffer::of(std::vector<uint8_t>{0, 0});
  graph.add(value);
  EXPECT_NO_THROW(verify(graph));
}

TEST(Verify, finds_a_constant_of_dynamic_shape) {
  EXPECT_THAT(finding([](Graph& g) {
                const ValueId c = g.add_constant("c", {1}, std::vector<float>{1});
                g[c].shape = {kDynamic};
              }),
              HasSubstr("constant 'c' has no fixed shape"));
}

std::string quantization_finding(const Quantization& quantization, DType dtype = DType::int8) {
  Graph graph;
  Value value{.name = "q", .dtype = dtype, .shape = {2, 3}};
  value.quantization = quantization;
  graph.add(value);
  return thrown_message(ErrorCode::format, [&] { verify(graph); });
}

TEST(Verify, passes_sound_quantization) {
  Graph graph;
  Value value{.name = "q", .dtype = DType::int8, .shape = {2, 3}};
  value.quantization = {{0.5f, 0.0f, 2.0f}, {0, -128, 127}, 1};  // a zero channel has scale 0
  graph.add(value);
  EXPECT_NO_THROW(verify(graph));
}

TEST(Verify, finds_a_scale_that_is_no_number) {
  EXPECT_THAT(quantization_finding({{std::nanf("")}, {0}, 0}), HasSubstr("'q' has a scale of nan"));
}

TEST(Verify, finds_an_infinite_scale) {
  EXPECT_THAT(quantization_finding({{HUGE_VALF}, {0}, 0}), HasSubstr("a scale of inf"));
}

TEST(Verify, finds_a_negative_scale) {
  EXPECT_THAT(quantization_finding({{-0.5f}, {0}, 0}), HasSubstr("a scale of -0.5"));
}

TEST(Verify, finds_zero_points_that_are_missing) {
  EXPECT_THAT(quantization_finding({{0.5f, 0.5f}, {0}, 0}),
              HasSubstr("2 scales, but 1 zero points"));
}

TEST(Verify, finds_a_zero_point_outside_the_type) {
  EXPECT_THAT(quantization_finding({{0.5f}, {128}, 0}), HasSubstr("a zero point of 128"));
  EXPECT_THAT(quantization_finding({{0.5f}, {-1}, 0}, DType::uint8),
              HasSubstr("a zero point of -1"));
  EXPECT_THAT(quantization_finding({{0.5f}, {int64_t{1} << 40}, 0}, DType::float32),
              HasSubstr("a zero point of"));
}

TEST(Verify, finds_scales_along_a_dimension_of_another_size) {
  EXPECT_THAT(quantization_finding({{0.5f, 0.5f}, {0, 0}, 1}),
              HasSubstr("2 scales along dimension 1 of [2, 3]"));
}

TEST(Verify, finds_scales_along_a_dimension_that_is_not_there) {
  EXPECT_THAT(quantization_finding({{0.5f, 0.5f}, {0, 0}, 2}), HasSubstr("along dimension 2"));
  EXPECT_THAT(quantization_finding({{0.5f, 0.5f}, {0, 0}, -1}), HasSubstr("along dimension -1"));
}

TEST(Verify, says_everything_at_once) {
  EXPECT_THAT(finding([](Graph& g) {
                g.values[1].dtype = DType::int8;
                g.values[1].shape = {5};
                g.outputs.push_back({99});
              }),
              AllOf(HasSubstr("makes shape"), HasSubstr("makes float32"), HasSubstr("tensor 99")));
}

// A model whose subgraph 0 calls 1, and so on in a row of `count`.
Model chain(int count) {
  Model model;
  model.other_graphs.resize(static_cast<size_t>(count - 1));
  for (int i = 0; i + 1 < count; ++i) {
    auto op = std::make_shared<Everything>();
    op->body = {i + 1};
    model.subgraph(static_cast<size_t>(i)).nodes.push_back({.op = op});
  }
  return model;
}

TEST(VerifyModel, passes_calls_that_end) { EXPECT_NO_THROW(verify(chain(3))); }

TEST(VerifyModel, passes_two_calls_of_one_subgraph) {
  Model model = chain(2);
  model.graph.nodes.push_back(model.graph.nodes[0]);
  EXPECT_NO_THROW(verify(model));
}

TEST(VerifyModel, follows_a_very_long_row_of_calls) { EXPECT_NO_THROW(verify(chain(100'000))); }

TEST(VerifyModel, finds_a_call_of_a_subgraph_that_does_not_exist) {
  Model model = chain(2);
  model.other_graphs.clear();
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { verify(model); }),
              HasSubstr("subgraph 0 calls subgraph 1, but there are 1"));
}

TEST(VerifyModel, finds_calls_that_go_round) {
  Model model = chain(3);
  auto op = std::make_shared<Everything>();
  op->body = {1};
  model.other_graphs[1].nodes.push_back({.op = op});
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { verify(model); }),
              HasSubstr("subgraph 1 calls itself"));
}

TEST(VerifyModel, says_which_subgraph_is_unsound) {
  Model model;
  model.graph = copy_graph();
  model.other_graphs = {copy_graph()};
  model.other_graphs[0].name = "body";
  model.other_graphs[0].outputs = {ValueId{99}};
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { verify(model); }),
              HasSubstr("subgraph 1 'body': the graph is not sound"));
}

TEST(VerifyModel, finds_a_signature_of_a_subgraph_that_does_not_exist) {
  Model model;
  model.signatures = {{.key = "serve", .subgraph = {1}}};
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { verify(model); }),
              HasSubstr("signature 'serve' is of subgraph 1"));
}

TEST(VerifyModel, finds_a_signature_that_names_no_tensor) {
  Model model;
  model.graph = copy_graph();
  model.signatures = {{.key = "serve", .inputs = {{"in", ValueId{2}}}}};
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { verify(model); }),
              HasSubstr("signature 'serve' names 'in', tensor 2, which does not exist"));
}

}  // namespace
}  // namespace litesmith
