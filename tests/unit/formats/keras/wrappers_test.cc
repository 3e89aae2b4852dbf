// Wrappers that train: where their weights lie, and what of them counts. Files that tfmot wrote are
// among the fixtures (tests/integration/keras_fixtures_test.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "formats/keras/build.h"
#include "ir/graph.h"
#include "testing/thrown.h"

namespace litesmith::keras {
namespace {

class Weights : public WeightSource {
 public:
  std::optional<WeightArray> find(const std::string& path) override {
    const auto found = arrays_.find(path);
    return found == arrays_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<WeightArray> learned(const std::string& wrapper) override {
    return wrapper == "layers/quantize_wrapper_v2" ? learned_ : std::vector<WeightArray>();
  }
  void add(const std::string& path, Shape shape, const std::vector<float>& elements) {
    arrays_[path] = {std::move(shape), Buffer::of(elements)};
  }
  void learn(Shape shape, const std::vector<float>& smallest, const std::vector<float>& largest) {
    learned_.push_back({shape, Buffer::of(smallest)});
    learned_.push_back({std::move(shape), Buffer::of(largest)});
  }

 private:
  std::map<std::string, WeightArray> arrays_;
  std::vector<WeightArray> learned_;
};

Model built(const std::string& wrapper, Weights& weights, const std::string& activation = "null",
            const std::string& more = "") {
  const Json json = parse_json(
      R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
      {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, 2]}},
      {"class_name": ")" +
          wrapper + R"(", "config": {"name": "w", )" + more +
          R"("layer": {"class_name": "Dense",
        "config": {"name": "d", "units": 2, "activation": )" +
          activation + "}}}}]}}",
      "test");
  return build_model(parse_model_config(json), weights, {.major = 2});
}

std::span<const float> kernel_of(const Model& model) {
  return model.graph[model.graph.nodes.front().inputs.at(1)].elements<float>();
}

TEST(TrainingWrappers, a_kernel_that_the_wrapper_took_is_its_first_variable) {
  Weights weights;
  weights.add("layers/quantize_wrapper_v2/vars/0", {2, 2}, {1, 2, 3, 4});
  weights.add("layers/quantize_wrapper_v2/vars/1", {2}, {9, 9});  // its copy of the bias
  weights.add("layers/quantize_wrapper_v2/layer/vars/0", {2}, {5, 6});
  const Model model = built("QuantizeWrapperV2", weights,
                            R"({"class_name": "QuantizeAwareActivation", "config": {"activation":
                                {"class_name": "NoOpActivation", "config": {}}}})");
  ASSERT_EQ(model.graph.nodes.size(), 1u);
  EXPECT_THAT(kernel_of(model), ::testing::ElementsAre(1, 3, 2, 4));
  EXPECT_THAT(model.graph[model.graph.nodes.front().inputs.at(2)].elements<float>(),
              ::testing::ElementsAre(5, 6));
}

TEST(TrainingWrappers, a_clustered_kernel_is_made_of_centroids) {
  Weights weights;
  weights.add("layers/cluster_weights/vars/0", {2, 2}, {0.1f, 0.9f, -3, 0.5f});
  weights.add("layers/cluster_weights/vars/1", {2}, {0, 1});
  weights.add("layers/cluster_weights/layer/vars/0", {2}, {5, 6});
  // 0.5 is as near to both: the first.
  EXPECT_THAT(kernel_of(built("ClusterWeights", weights)), ::testing::ElementsAre(0, 0, 1, 0));
  weights.add("layers/cluster_weights/vars/1", {2, 2}, {0, 1, 2, 3});
  EXPECT_THROW(built("ClusterWeights", weights), Error);
}

TEST(TrainingWrappers, a_pruned_layer_keeps_its_weights) {
  Weights weights;
  weights.add("layers/prune_low_magnitude/layer/vars/0", {2, 2}, {1, 0, 0, 4});
  weights.add("layers/prune_low_magnitude/layer/vars/1", {2}, {5, 6});
  EXPECT_THAT(kernel_of(built("PruneLowMagnitude", weights)), ::testing::ElementsAre(1, 0, 0, 4));
}

TEST(TrainingWrappers, a_missing_kernel_is_told) {
  Weights weights;
  weights.add("layers/quantize_wrapper_v2/layer/vars/0", {2}, {5, 6});
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { built("QuantizeWrapperV2", weights); }),
              ::testing::HasSubstr("the file holds no 'kernel' for it"));
}

// A dense layer of two units as quantization-aware training wraps it.
struct QuantizationAware {
  Weights weights;

  QuantizationAware() {
    weights.add("layers/quantize_wrapper_v2/vars/0", {2, 2}, {1, 2, 3, 4});
    weights.add("layers/quantize_wrapper_v2/layer/vars/0", {2}, {5, 6});
  }
  Model model(const std::string& activation, const std::string& kernels = R"(["kernel"])",
              const std::string& scheme = "Default8BitQuantizeConfig") {
    return built("QuantizeWrapperV2", weights, '"' + activation + '"',
                 R"("quantize_config": {"class_name": ")" + scheme +
                     R"(", "config": {"weight_attrs": )" + kernels + "}}, ");
  }
};

const Value& output_of(const Model& model, size_t node) {
  return model.graph[model.graph.nodes.at(node).outputs.at(0)];
}
const Value& kernel_value(const Model& model) {
  return model.graph[model.graph.nodes.front().inputs.at(1)];
}

TEST(QuantizationAware, a_layer_keeps_the_scale_of_its_kernel_and_the_range_of_what_it_gives) {
  QuantizationAware layer;
  layer.weights.learn({}, {-2}, {2});
  layer.weights.learn({}, {-1}, {6});
  const Model model = layer.model("relu");
  EXPECT_EQ(kernel_value(model).learned_scales, std::vector<double>{4.0 / 254});
  EXPECT_EQ(output_of(model, 1).learned_range, (Range{-1, 6}));
  EXPECT_EQ(output_of(model, 0).learned_range, std::nullopt);
}

TEST(QuantizationAware, a_list_of_one_range_is_that_of_every_channel) {
  QuantizationAware layer;
  layer.weights.learn({1}, {-127}, {127});
  EXPECT_EQ(kernel_value(layer.model("linear")).learned_scales, (std::vector<double>{1, 1}));
}

TEST(QuantizationAware, softmax_has_a_range_before_it) {
  QuantizationAware layer;
  layer.weights.learn({}, {-2}, {2});
  layer.weights.learn({}, {-1}, {6});
  const Model model = layer.model("softmax");
  EXPECT_EQ(output_of(model, 0).learned_range, (Range{-1, 6}));
  EXPECT_EQ(output_of(model, 1).learned_range, std::nullopt);
}

TEST(QuantizationAware, of_several_kernels_no_scale_is_kept) {
  QuantizationAware layer;
  for (int i = 0; i < 2; ++i) layer.weights.learn({}, {-2}, {2});
  layer.weights.learn({}, {-1}, {6});
  const Model model = layer.model("linear", R"(["kernel", "other"])");
  EXPECT_TRUE(kernel_value(model).learned_scales.empty());
  EXPECT_EQ(output_of(model, 0).learned_range, (Range{-1, 6}));
}

TEST(QuantizationAware, what_other_schemes_have_learned_is_left) {
  QuantizationAware layer;
  layer.weights.learn({}, {-2}, {2});
  layer.weights.learn({}, {-1}, {6});
  const Model model = layer.model("linear", R"(["kernel"])", "DefaultNBitQuantizeConfig");
  EXPECT_TRUE(kernel_value(model).learned_scales.empty());
  EXPECT_EQ(output_of(model, 0).learned_range, std::nullopt);
}

TEST(QuantizationAware, ranges_that_are_none_are_refused) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const auto& [low, high] : {std::pair{-1.0f, infinity}, {2.0f, 1.0f}}) {
    QuantizationAware layer;
    layer.weights.learn({}, {-2}, {2});
    layer.weights.learn({}, {low}, {high});
    EXPECT_THROW(layer.model("relu"), Error);
  }
  QuantizationAware layer;
  layer.weights.learn({3}, {-2, -2, -2}, {2, 2, 2});  // of two units
  EXPECT_THROW(layer.model("relu"), Error);
}

}  // namespace
}  // namespace litesmith::keras
