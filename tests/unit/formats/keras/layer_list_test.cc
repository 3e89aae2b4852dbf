#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "formats/keras/layer.h"

namespace litesmith::keras {
namespace {

TEST(LayerList, is_in_order_and_has_no_class_twice) {
  const auto layers = all_layers();
  for (size_t i = 1; i < layers.size(); ++i) {
    EXPECT_LT(layers[i - 1].class_name, layers[i].class_name);
  }
}

TEST(LayerList, every_layer_is_in_the_documentation) {
  std::ifstream file(LITESMITH_SOURCE_DIR "/docs/keras.md");
  std::stringstream text;
  text << file.rdbuf();
  for (const LayerDef& layer : all_layers()) {
    EXPECT_THAT(text.str(), ::testing::HasSubstr(std::string(layer.class_name)));
  }
}

// The order of vars/0, vars/1, ... in a file.
TEST(LayerList, variables_come_in_the_order_Keras_makes_them) {
  auto names = [](const char* class_name, const char* config) {
    const Json json = parse_json(config, "test");
    std::string text;
    for (const Variable& variable : find_layer(class_name)->variables(json)) {
      text += std::string(variable.name) + (variable.trainable ? " " : "* ");
    }
    return text;
  };
  EXPECT_EQ(names("Dense", "{}"), "kernel bias ");
  EXPECT_EQ(names("Dense", R"({"use_bias": false})"), "kernel ");
  EXPECT_EQ(names("SeparableConv2D", "{}"), "depthwise_kernel pointwise_kernel bias ");
  EXPECT_EQ(names("BatchNormalization", "{}"), "gamma beta moving_mean* moving_variance* ");
  EXPECT_EQ(names("BatchNormalization", R"({"scale": false})"),
            "beta moving_mean* moving_variance* ");
  EXPECT_EQ(names("MultiHeadAttention", R"({"use_bias": false})"),
            "query_kernel key_kernel value_kernel output_kernel ");
  EXPECT_EQ(names("LSTM", "{}"), "kernel recurrent_kernel bias ");
  EXPECT_EQ(names("Normalization", "{}"), "mean* variance* count* ");
  EXPECT_EQ(names("Normalization", R"({"mean": 1.0, "variance": 2.0})"), "");
}

}  // namespace
}  // namespace litesmith::keras
