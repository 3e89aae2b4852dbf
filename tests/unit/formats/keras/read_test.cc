#include "formats/keras/read.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace litesmith {
namespace {

TEST(ReadKeras, the_wake_word_network_is_nine_operators_in_order) {
  const Model model = read_keras(LITESMITH_SOURCE_DIR "/examples/wake_word/wake_word.keras");
  std::vector<std::string> ops;
  for (const Node& node : model.graph.nodes) ops.emplace_back(node.def().name);
  EXPECT_EQ(ops,
            (std::vector<std::string>{"CONV_2D", "RELU", "MAX_POOL_2D", "CONV_2D", "RELU",
                                      "MAX_POOL_2D", "RESHAPE", "FULLY_CONNECTED", "SOFTMAX"}));
  const Graph& graph = model.graph;
  EXPECT_EQ(graph[graph.inputs.at(0)].shape, (Shape{kDynamic, 50, 13, 1}));
  EXPECT_EQ(graph[graph.outputs.at(0)].shape, (Shape{kDynamic, 2}));
  EXPECT_EQ(graph[graph.outputs.at(0)].name, "StatefulPartitionedCall_1:0");
  ASSERT_EQ(model.signatures.size(), 1u);
  EXPECT_EQ(model.signatures[0].key, "serving_default");
  EXPECT_EQ("serving_default_" + model.signatures[0].inputs.at(0).name + ":0",
            graph[graph.inputs[0]].name);
  EXPECT_EQ(model.signatures[0].outputs.at(0).name, "output_0");
}

}  // namespace
}  // namespace litesmith
