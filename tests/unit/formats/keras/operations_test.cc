// Functions between layers as TF-Keras wrote them; those of Keras 3 are judged by Keras itself
// (tests/interop/test_keras_operations.py).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/error.h"
#include "formats/keras/build.h"
#include "ir/graph.h"
#include "ops/slice.h"

namespace litesmith::keras {
namespace {

class NoWeights : public WeightSource {
 public:
  std::optional<WeightArray> find(const std::string&) override { return std::nullopt; }
};

// x [batch, 4, 6] and y, and functions of them, the last of which is the output.
Model built(const std::string& layers, const std::string& output) {
  const Json json = parse_json(
      R"({"class_name": "Functional", "config": {"name": "f", "layers": [
      {"class_name": "InputLayer", "name": "x", "config": {"batch_input_shape": [null, 4, 6]},
       "inbound_nodes": []},
      {"class_name": "InputLayer", "name": "y", "config": {"batch_input_shape": [null, 4, 6]},
       "inbound_nodes": []},)" +
          layers + R"(], "input_layers": [["x", 0, 0], ["y", 0, 0]], "output_layers": [[")" +
          output + R"(", 0, 0]]}})",
      "test");
  NoWeights weights;
  return build_model(parse_model_config(json), weights, {.major = 2});
}

std::string function(const std::string& name, const std::string& tf, const std::string& nodes) {
  return R"({"class_name": "TFOpLambda", "name": ")" + name +
         R"(", "config": {"name": "n", "trainable": true, "dtype": "float32", "function": ")" + tf +
         R"("}, "inbound_nodes": [)" + nodes + "]}";
}

std::string ops_of(const Model& model) {
  std::string names;
  for (const Node& node : model.graph.nodes) names += std::string(node.def().name) + " ";
  return names;
}

TEST(TfFunctions, an_operand_is_a_number_or_a_tensor_by_keyword) {
  const Model by_number =
      built(function("m", "math.multiply", R"(["x", 0, 0, {"y": 2.5, "name": null}])"), "m");
  EXPECT_EQ(ops_of(by_number), "MUL ");
  const Node& node = by_number.graph.nodes.front();
  EXPECT_THAT(by_number.graph[node.inputs[1]].elements<float>(), ::testing::ElementsAre(2.5f));
  const Model by_tensor =
      built(function("m", "__operators__.add", R"(["x", 0, 0, {"y": ["y", 0, 0]}])"), "m");
  EXPECT_EQ(by_tensor.graph.nodes.front().inputs, by_tensor.graph.inputs);
}

TEST(TfFunctions, a_number_may_come_first) {
  const Model model = built(
      function("s", "math.subtract", R"(["_CONSTANT_VALUE", -1, 1, {"y": ["x", 0, 0]}])"), "s");
  const Node& node = model.graph.nodes.front();
  EXPECT_TRUE(model.graph[node.inputs[0]].is_constant());
  EXPECT_EQ(node.inputs[1], model.graph.inputs[0]);
}

TEST(TfFunctions, a_list_of_tensors_and_its_axis) {
  const Model model = built(
      function("c", "concat", R"([["x", 0, 0, {"axis": 1}], ["y", 0, 0, {"axis": 1}]])"), "c");
  EXPECT_EQ(ops_of(model), "CONCATENATION ");
  EXPECT_EQ(model.graph[model.graph.outputs[0]].shape, (Shape{kDynamic, 8, 6}));
}

TEST(TfFunctions, parameters_go_by_TensorFlow_s_names) {
  const Model model =
      built(function("t", "transpose", R"(["x", 0, 0, {"perm": [0, 2, 1]}])") + "," +
                function("r", "math.reduce_mean", R"(["t", 0, 0, {"axis": -1, "keepdims": true}])"),
            "r");
  EXPECT_EQ(ops_of(model), "TRANSPOSE MEAN ");
  EXPECT_EQ(model.graph[model.graph.outputs[0]].shape, (Shape{kDynamic, 6, 1}));
}

TEST(TfFunctions, slices_come_as_dictionaries_in_a_tuple) {
  const Model model = built(
      R"({"class_name": "SlicingOpLambda", "name": "s", "config": {"function":
          "__operators__.getitem"}, "inbound_nodes": [["x", 0, 0, {"slice_spec":
          {"class_name": "__tuple__", "items": [
              {"start": null, "stop": null, "step": null}, 0,
              {"start": 1, "stop": 5, "step": 2}]}}]]})",
      "s");
  EXPECT_EQ(ops_of(model), "STRIDED_SLICE ");
  EXPECT_EQ(model.graph[model.graph.outputs[0]].shape, (Shape{kDynamic, 2}));
}

TEST(TfFunctions, what_cannot_be_expressed_is_told_with_its_layer) {
  try {
    built(function("p", "math.pow", R"(["x", 0, 0, {"y": 1.7}])"), "p");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("layer 'p' (TFOpLambda): a power of 1.7"));
  }
}

}  // namespace
}  // namespace litesmith::keras
