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
#include "testing/graph_builder.h"
#include "testing/thrown.h"

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

std::string ops_of(const Model& model) { return litesmith::testing::op_names(model.graph); }

TEST(TfFunctions, an_operand_is_a_number_or_a_tensor_by_keyword) {
  const Model by_number =
      built(function("m", "math.multiply", R"(["x", 0, 0, {"y": 2.5, "name": null}])"), "m");
  EXPECT_EQ(ops_of(by_number), "MUL");
  const Node& node = by_number.graph.nodes.front();
  EXPECT_THAT(by_number.graph[node.inputs[1]].elements<float>(), ::testing::ElementsAre(2.5f));
  const Model by_tensor =
      built(function("m", "__operators__.add", R"(["x", 0, 0, {"y": ["y", 0, 0]}])"), "m");
  EXPECT_EQ(by_tensor.graph.nodes.front().inputs, by_tensor.graph.inputs);
}

TEST(TfFunctions, a_mask_that_no_function_takes_is_refused) {
  EXPECT_THAT(
      thrown_message(ErrorCode::unsupported,
                     [] {
                       built(function("t", "math.tanh", R"([["x", 0, 0, {"mask": ["y", 0, 0]}]])"),
                             "t");
                     }),
      ::testing::HasSubstr("comes with a mask"));
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
  EXPECT_EQ(ops_of(model), "CONCATENATION");
  EXPECT_EQ(model.graph[model.graph.outputs[0]].shape, (Shape{kDynamic, 8, 6}));
}

TEST(TfFunctions, parameters_go_by_TensorFlow_s_names) {
  const Model model =
      built(function("t", "transpose", R"(["x", 0, 0, {"perm": [0, 2, 1]}])") + "," +
                function("r", "math.reduce_mean", R"(["t", 0, 0, {"axis": -1, "keepdims": true}])"),
            "r");
  EXPECT_EQ(ops_of(model), "TRANSPOSE MEAN");
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
  EXPECT_EQ(ops_of(model), "STRIDED_SLICE");
  EXPECT_EQ(model.graph[model.graph.outputs[0]].shape, (Shape{kDynamic, 2}));
}

TEST(TfFunctions, what_cannot_be_expressed_is_told_with_its_layer) {
  const std::string message = thrown_message(ErrorCode::unsupported, [] {
    built(function("c", "cast", R"(["x", 0, 0, {"dtype": "complex64"}])"), "c");
  });
  EXPECT_THAT(message,
              ::testing::HasSubstr("layer 'c' (TFOpLambda): a cast to 'complex64' is not"));
}

TEST(TfFunctions, an_argument_that_nobody_reads_is_refused) {
  const auto silu = [](const std::string& arguments) {
    return built(function("s", "nn.silu", R"(["x", 0, 0, {)" + arguments + "}]"), "s");
  };
  EXPECT_THAT(thrown_message(ErrorCode::unsupported, [&] { silu(R"("beta": 2.0)"); }),
              ::testing::HasSubstr("layer 's' (TFOpLambda): its argument 'beta' is not supported"));
  EXPECT_EQ(ops_of(silu(R"("name": "mine", "beta": null)")), "LOGISTIC MUL");
}

TEST(TfFunctions, a_split_tells_sizes_of_which_one_may_be_the_rest) {
  const auto parts = [](const std::string& how) {
    const Model model = built(
        function("s", "split", R"(["x", 0, 0, {"num_or_size_splits": )" + how + R"(, "axis": 2}])"),
        "s");
    std::vector<int32_t> sizes;
    for (const Node& node : model.graph.nodes) {
      sizes.push_back(model.graph[node.outputs[0]].shape[2]);
    }
    return sizes;
  };
  EXPECT_EQ(parts("3"), (std::vector{2, 2, 2}));
  EXPECT_EQ(parts("[1, 5]"), (std::vector{1, 5}));
  EXPECT_EQ(parts("[-1, 2]"), (std::vector{4, 2}));
  for (const char* wrong : {"[1, 4]", "[-1, 7]", "[-2, 8]", "[-1, -1, 6]", "4", "[]"}) {
    EXPECT_THROW(parts(wrong), Error) << wrong;
  }
}

TEST(TfFunctions, a_quotient_and_a_mean_of_integers_are_floats) {
  const auto of_integers = [](const std::string& tf, const std::string& arguments) {
    return ops_of(built(function("c", "cast", R"(["x", 0, 0, {"dtype": "int32"}])") + "," +
                            function("f", tf, R"(["c", 0, 0, {)" + arguments + "}]"),
                        "f"));
  };
  EXPECT_EQ(of_integers("math.truediv", R"("y": 2)"), "CAST CAST CAST DIV");
  EXPECT_EQ(of_integers("math.reduce_mean", R"("axis": 1)"), "CAST CAST MEAN");
}

TEST(TfFunctions, padding_reflects_or_repeats_the_border) {
  const auto padded = [](const std::string& mode) {
    return ops_of(built(function("p", "pad",
                                 R"(["x", 0, 0, {"paddings": [[0, 0], [1, 2], [0, 0]], "mode": ")" +
                                     mode + R"("}])"),
                        "p"));
  };
  EXPECT_EQ(padded("CONSTANT"), "PAD");
  EXPECT_EQ(padded("REFLECT"), "MIRROR_PAD");
  EXPECT_EQ(padded("SYMMETRIC"), "MIRROR_PAD");
  EXPECT_THROW(padded("EDGE"), Error);
}

TEST(TfFunctions, powers_take_any_exponent) {
  const auto power = [](const std::string& exponent) {
    return ops_of(built(function("p", "math.pow", R"(["x", 0, 0, {"y": )" + exponent + "}]"), "p"));
  };
  EXPECT_EQ(power("2"), "MUL");
  EXPECT_EQ(power("1.7"), "POW");
  EXPECT_EQ(power("[1, 2, 3, 4, 5, 6]"), "POW");
  EXPECT_EQ(power(R"(["y", 0, 0])"), "POW");
}

}  // namespace
}  // namespace litesmith::keras
