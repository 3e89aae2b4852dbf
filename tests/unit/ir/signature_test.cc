#include "ir/signature.h"

#include <gmock/gmock.h>

#include "sample_ops.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

Graph copy_of(const std::string& name) {
  Graph graph;
  graph.name = name;
  const ValueId x = graph.add({.name = name + "/x", .shape = {2}});
  graph.inputs = {x};
  graph.outputs = {graph.append(std::make_shared<Copy>(), {x}, name + "/y")};
  return graph;
}

// A main graph and two others; "serve" and "again" are of the main one, "decode" of the last.
Model three_graphs() {
  Model model;
  model.graph = copy_of("main");
  model.other_graphs = {copy_of("body"), copy_of("decode")};
  auto signature = [](const std::string& key, int32_t subgraph) {
    return Signature{.key = key,
                     .inputs = {{key + "_in", ValueId{0}}},
                     .outputs = {{key + "_out", ValueId{1}}},
                     .subgraph = {subgraph}};
  };
  model.signatures = {signature("serve", 0), signature("again", 0), signature("decode", 2)};
  return model;
}

std::string refusal(ErrorCode code, const Model& model, std::string_view key) {
  return thrown_message(code, [&] { of_signature(model, key); });
}

TEST(OfSignature, its_subgraph_is_the_one_that_runs) {
  const Model model = of_signature(three_graphs(), "decode");
  EXPECT_EQ(model.graph.name, "decode");
  ASSERT_EQ(model.signatures.size(), 1u);
  EXPECT_EQ(model.signatures[0].inputs[0].name, "decode_in");
  EXPECT_EQ(model.signatures[0].subgraph.index, 0);
}

TEST(OfSignature, other_subgraphs_keep_their_numbers) {
  const Model model = of_signature(three_graphs(), "decode");
  ASSERT_EQ(model.subgraph_count(), 3u);
  EXPECT_EQ(model.subgraph(1).name, "body");
  EXPECT_EQ(model.subgraph(2).name, "decode");
}

TEST(OfSignature, two_of_one_graph_differ_by_their_names) {
  const Model model = of_signature(three_graphs(), "again");
  EXPECT_EQ(model.graph.name, "main");
  ASSERT_EQ(model.signatures.size(), 1u);
  EXPECT_EQ(model.signatures[0].outputs[0].name, "again_out");
}

TEST(OfSignature, one_that_is_not_there_is_refused_with_those_that_are) {
  EXPECT_THAT(refusal(ErrorCode::usage, three_graphs(), "encode"),
              HasSubstr("there is no signature 'encode'; the file has 'serve', 'again', 'decode'"));
  EXPECT_THAT(refusal(ErrorCode::usage, Model{}, "encode"), HasSubstr("the file has none"));
}

TEST(OfSignature, a_call_of_the_main_graph_is_refused) {
  Model model = three_graphs();
  auto call = std::make_shared<Everything>();
  call->body = {0};
  model.other_graphs[1].nodes.push_back({.op = call});
  EXPECT_THAT(refusal(ErrorCode::unsupported, model, "decode"),
              HasSubstr("subgraph 2 calls the main one"));
  EXPECT_EQ(of_signature(model, "serve").graph.name, "main");
}

}  // namespace
}  // namespace litesmith
