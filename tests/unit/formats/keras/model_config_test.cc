#include "formats/keras/model_config.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace litesmith::keras {
namespace {

// The result points into the JSON, so both are kept.
struct Parsed {
  Json json;
  ModelConfig model;
};

std::unique_ptr<Parsed> parse(const std::string& text) {
  auto parsed = std::make_unique<Parsed>();
  parsed->json = parse_json(text, "test");
  parsed->model = parse_model_config(parsed->json);
  return parsed;
}

TEST(SnakeCase, is_Keras_s) {
  const std::pair<const char*, const char*> cases[] = {
      {"Dense", "dense"},
      {"Conv2D", "conv2d"},
      {"Conv2DTranspose", "conv2d_transpose"},
      {"DepthwiseConv2D", "depthwise_conv2d"},
      {"MaxPooling2D", "max_pooling2d"},
      {"GlobalAveragePooling2D", "global_average_pooling2d"},
      {"BatchNormalization", "batch_normalization"},
      {"ReLU", "re_lu"},
      {"PReLU", "p_re_lu"},
      {"LeakyReLU", "leaky_re_lu"},
      {"ELU", "elu"},
      {"LSTM", "lstm"},
      {"SimpleRNN", "simple_rnn"},
      {"UpSampling2D", "up_sampling2d"},
      {"TFOpLambda", "tf_op_lambda"},
      {"RMSNormalization", "rms_normalization"},
      {"ConvLSTM2D", "conv_lstm2d"},
      {"MyModel2", "my_model2"},
  };
  for (const auto& [class_name, expected] : cases) {
    EXPECT_EQ(to_snake_case(class_name), expected);
  }
}

TEST(ModelConfig, weights_are_counted_by_class_and_not_by_name) {
  const auto parsed = parse(R"({"class_name": "Sequential", "config": {"layers": [
      {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 3]}},
      {"class_name": "Dense", "config": {"name": "dense_7"}},
      {"class_name": "ReLU", "config": {"name": "r"}},
      {"class_name": "Dense", "config": {"name": "a"}},
      {"class_name": "Sequential", "config": {"name": "inner", "layers": [
          {"class_name": "Dense", "config": {"name": "b"}}]}}]}})");
  const auto& layers = parsed->model.layers;
  EXPECT_EQ(layers[1].weights_path, "layers/dense");
  EXPECT_EQ(layers[3].weights_path, "layers/dense_1");
  EXPECT_EQ(layers[4].model->layers[0].weights_path, "layers/sequential/layers/dense");
  EXPECT_EQ(layers[4].model->layers[0].path, "inner/b");
}

TEST(ModelConfig, operations_between_layers_are_not_counted) {
  const auto parsed = parse(R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "x", "config": {}, "inbound_nodes": []},
      {"module": "keras.src.ops.numpy", "class_name": "Add", "name": "op", "config": {},
       "inbound_nodes": [[["x", 0, 0, {}]]]},
      {"module": "keras.layers", "class_name": "Add", "name": "add", "config": {},
       "inbound_nodes": [[["x", 0, 0, {}], ["op", 0, 0, {}]]]}],
      "input_layers": [["x", 0, 0]], "output_layers": [["add", 0, 0]]}})");
  EXPECT_TRUE(parsed->model.layers[1].is_operation);
  EXPECT_EQ(parsed->model.layers[2].weights_path, "layers/add");
}

// Keras 3 writes no modules into .h5 files.
TEST(ModelConfig, without_modules_a_function_is_told_by_having_nothing_to_train) {
  const std::string node =
      R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__",
         "config": {"keras_history": ["x", 0, 0]}}, 2.0]}])";
  const auto parsed = parse(R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "x", "config": {}, "inbound_nodes": []},
      {"class_name": "Add", "name": "op", "config": {"name": "op"}, )" +
                            node + R"(},
      {"class_name": "Add", "name": "add", "config": {"trainable": true}, )" +
                            node + R"(}],
      "input_layers": [["x", 0, 0]], "output_layers": [["add", 0, 0]]}})");
  EXPECT_TRUE(parsed->model.layers[1].is_operation);
  EXPECT_FALSE(parsed->model.layers[2].is_operation);
}

// A Sequential model without an input layer says in many ways what it is fed.
TEST(ModelConfig, the_shape_of_a_model_without_input_layer_is_found) {
  auto first_layer = [](const std::string& key_and_value) {
    return R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Dense", "config": {"name": "d")" +
           key_and_value + "}}]}}";
  };
  for (const char* key : {R"(, "batch_input_shape": [null, 5])", R"(, "batch_shape": [null, 5])",
                          R"(, "input_shape": [5])", R"(, "input_dim": 5)"}) {
    const auto parsed = parse(first_layer(key));
    EXPECT_TRUE(parsed->model.needs_input) << key;
    EXPECT_EQ(parsed->model.built_for, (Shape{kDynamic, 5})) << key;
    EXPECT_EQ(parsed->model.made_up_input_name, "d_input") << key;
  }
  EXPECT_TRUE(parse(first_layer(""))->model.built_for.empty());
  const auto built = parse(R"({"class_name": "Sequential", "config": {"build_input_shape": [2, 5],
      "layers": [{"class_name": "Dense", "config": {"name": "d"}}]}})");
  EXPECT_EQ(built->model.built_for, (Shape{2, 5}));
}

TEST(ModelConfig, a_very_old_Sequential_is_the_list_of_its_layers) {
  const auto parsed = parse(R"({"class_name": "Sequential", "config": [
      {"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 5]}}]})");
  EXPECT_EQ(parsed->model.layers.size(), 1u);
}

// Keras 3 counts the calls of a nested model from 0, and from 1 where a Functional one is an
// output; TF-Keras from 1 when the model was built from input layers.
std::string nested(const std::string& keras3_or_2, const std::string& output_call) {
  const bool keras3 = keras3_or_2 == "3";
  auto node = [&](const std::string& name, int call) {
    const std::string place = "[\"" + name + "\", " + std::to_string(call) + ", 0";
    return keras3 ? R"({"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": )" +
                        place + "]}}]}"
                  : "[" + place + ", {}]]";
  };
  return R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "x", "config": {}, "inbound_nodes": []},
      {"class_name": "Functional", "name": "f", "config": {"name": "f", "layers": [
          {"class_name": "InputLayer", "name": "y", "config": {}, "inbound_nodes": []}],
          "input_layers": [["y", 0, 0]], "output_layers": [["y", 0, 0]]},
       "inbound_nodes": [)" +
         node("x", 0) + ", " + node("f", keras3 ? 0 : 1) +
         R"(]}], "input_layers": [["x", 0, 0]], "output_layers": [["f", )" + output_call +
         ", 0]]}}";
}

TEST(ModelConfig, calls_of_nested_models_are_counted_as_each_Keras_does) {
  for (const char* keras : {"3", "2"}) {
    const auto parsed = parse(nested(keras, "2"));
    const auto& calls = parsed->model.layers[1].calls;
    ASSERT_EQ(calls.size(), 2u);
    EXPECT_EQ(calls[1].tensors.at(0).layer, 1u) << keras;
    EXPECT_EQ(calls[1].tensors.at(0).call, 0u) << keras;
    EXPECT_EQ(parsed->model.outputs.at(0).call, 1u) << keras;
  }
  EXPECT_THROW(parse(nested("3", "3")), Error);
}

TEST(ModelConfig, wrapped_layers_have_the_weights_of_their_places) {
  const auto parsed = parse(R"({"class_name": "Sequential", "config": {"layers": [
      {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 3, 2]}},
      {"class_name": "Bidirectional", "config": {"name": "b", "layer":
          {"class_name": "LSTM", "config": {"name": "forward_l"}}}},
      {"class_name": "TimeDistributed", "config": {"name": "t", "layer":
          {"class_name": "Sequential", "config": {"name": "s", "layers": [
              {"class_name": "Dense", "config": {"name": "d"}}]}}}}]}})");
  // Without a configuration of its own the second direction has the first one's.
  const LayerConfig& both = parsed->model.layers[1];
  ASSERT_EQ(both.wrapped.size(), 2u);
  EXPECT_EQ(both.wrapped[0].weights_path, "layers/bidirectional/forward_layer");
  EXPECT_EQ(both.wrapped[1].weights_path, "layers/bidirectional/backward_layer");
  EXPECT_EQ(both.wrapped[1].path, "b/forward_l");
  const LayerConfig& each = parsed->model.layers[2];
  ASSERT_EQ(each.wrapped.size(), 1u);
  EXPECT_EQ(each.wrapped[0].model->layers[0].weights_path,
            "layers/time_distributed/layer/layers/dense");
}

TEST(ModelConfig, arguments_keep_their_places_and_names) {
  const auto parsed = parse(R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "x", "config": {}, "inbound_nodes": []},
      {"class_name": "LSTM", "name": "three", "config": {}, "inbound_nodes": [{
          "args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}, 2.5],
          "kwargs": {"initial_state": [
              {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}},
              {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}]}}]},
      {"class_name": "TFOpLambda", "name": "two", "config": {}, "inbound_nodes": [
          ["_CONSTANT_VALUE", -1, 0.5, {"y": ["x", 0, 0], "name": null}]]}],
      "input_layers": [["x", 0, 0]], "output_layers": [["two", 0, 0]]}})");
  const CallConfig& three = parsed->model.layers[1].calls[0];
  EXPECT_EQ(three.tensors.size(), 3u);
  ASSERT_EQ(three.arguments.size(), 3u);
  EXPECT_EQ(three.arguments[1].value->value(), 2.5);
  EXPECT_EQ(three.arguments[2].name, "initial_state");
  EXPECT_EQ(three.arguments[2].first_tensor, 1u);
  EXPECT_EQ(three.arguments[2].tensor_count, 2u);
  EXPECT_TRUE(parsed->model.layers[1].problem.empty());
  const CallConfig& two = parsed->model.layers[2].calls[0];
  ASSERT_EQ(two.arguments.size(), 3u);
  EXPECT_EQ(two.arguments[0].value->value(), 0.5);
  EXPECT_EQ(two.arguments[1].name, "y");
  EXPECT_EQ(two.arguments[1].tensor_count, 1u);
}

TEST(ModelConfig, outputs_come_as_a_triple_a_list_or_a_dictionary) {
  auto with_outputs = [](const std::string& outputs) {
    return R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "x", "config": {}, "inbound_nodes": []},
      {"class_name": "ReLU", "name": "r", "config": {}, "inbound_nodes": [[["x", 0, 0, {}]]]}],
      "input_layers": ["x", 0, 0], "output_layers": )" +
           outputs + "}}";
  };
  EXPECT_EQ(parse(with_outputs(R"(["r", 0, 0])"))->model.outputs.size(), 1u);
  EXPECT_EQ(parse(with_outputs(R"([["r", 0, 0], ["x", 0, 0]])"))->model.outputs.size(), 2u);
  const auto named = parse(with_outputs(R"({"p": ["r", 0, 0], "o": ["x", 0, 0]})"));
  EXPECT_EQ(named->model.output_names, (std::vector<std::string>{"p", "o"}));
  EXPECT_EQ(named->model.outputs.at(1).layer, 0u);
  EXPECT_THROW(parse(with_outputs("[]")), Error);
  EXPECT_THROW(parse(with_outputs(R"([["nobody", 0, 0]])")), Error);
  EXPECT_THROW(parse(with_outputs(R"([["r", 5, 0]])")), Error);
}

TEST(ModelConfig, a_tensor_given_by_keyword_beside_others_is_a_problem_of_that_layer) {
  const auto parsed = parse(R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "x", "config": {}, "inbound_nodes": []},
      {"class_name": "Softmax", "name": "s", "config": {},
       "inbound_nodes": [[["x", 0, 0, {"other": ["x", 0, 0]}]]]}],
      "input_layers": [["x", 0, 0]], "output_layers": [["s", 0, 0]]}})");
  EXPECT_FALSE(parsed->model.layers[1].problem.empty());
}

TEST(ModelConfig, a_mask_is_none_of_the_tensors_of_a_call) {
  const auto parsed = parse(R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "x", "config": {}, "inbound_nodes": []},
      {"class_name": "InputLayer", "name": "m", "config": {}, "inbound_nodes": []},
      {"class_name": "GRU", "name": "g", "config": {},
       "inbound_nodes": [[["x", 0, 0, {"mask": ["m", 0, 0], "initial_state": ["x", 0, 0]}]]]}],
      "input_layers": [["x", 0, 0], ["m", 0, 0]], "output_layers": [["g", 0, 0]]}})");
  const LayerConfig& layer = parsed->model.layers[2];
  const CallConfig& call = layer.calls.at(0);
  EXPECT_TRUE(layer.problem.empty());
  ASSERT_TRUE(call.mask.has_value());
  EXPECT_EQ(call.mask->layer, 1u);
  ASSERT_EQ(call.tensors.size(), 2u);
  EXPECT_EQ(call.arguments.back().name, "initial_state");
  EXPECT_EQ(call.arguments.back().first_tensor, 1u);
}

}  // namespace
}  // namespace litesmith::keras
