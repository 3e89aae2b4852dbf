// Wrappers that train: where their weights lie, and what of them counts. Files that tfmot wrote are
// among the fixtures (tests/integration/keras_fixtures_test.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "base/error.h"
#include "formats/keras/build.h"
#include "ir/graph.h"

namespace litesmith::keras {
namespace {

class Weights : public WeightSource {
 public:
  std::optional<WeightArray> find(const std::string& path) override {
    const auto found = arrays_.find(path);
    return found == arrays_.end() ? std::nullopt : std::optional(found->second);
  }
  void add(const std::string& path, Shape shape, const std::vector<float>& elements) {
    arrays_[path] = {std::move(shape), Buffer::of(elements)};
  }

 private:
  std::map<std::string, WeightArray> arrays_;
};

Model built(const std::string& wrapper, Weights& weights, const std::string& activation = "null") {
  const Json json = parse_json(
      R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
      {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, 2]}},
      {"class_name": ")" +
          wrapper + R"(", "config": {"name": "w", "layer": {"class_name": "Dense",
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
  try {
    built("QuantizeWrapperV2", weights);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("the file holds no 'kernel' for it"));
  }
}

}  // namespace
}  // namespace litesmith::keras
