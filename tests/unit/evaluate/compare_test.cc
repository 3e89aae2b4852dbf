#include "evaluate/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "evaluate/coverage.h"
#include "evaluate/match.h"
#include "testing/arrays.h"
#include "testing/random.h"
#include "testing/rows.h"
#include "testing/scores.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Compare, gives_maximum_rms_noise_and_cosine_of_each_tensor) {
  const Model a = scores_model(2);
  const Model b = scores_model(2, DType::int8, {{1}, {0}, 0});  // whole numbers
  const Comparison result = compare(a, b, rows({3.25f, 4, 0, 0}, 2), {});
  ASSERT_EQ(result.layers.size(), 2u);
  const LayerDifference& x = result.layers[0];
  EXPECT_EQ(x.name, "x");
  EXPECT_EQ(x.op, "");
  EXPECT_EQ(x.dtype, DType::int8);
  EXPECT_DOUBLE_EQ(x.max_error, 0.25);
  EXPECT_DOUBLE_EQ(x.rms_error, 0.125);
  EXPECT_DOUBLE_EQ(x.sqnr_db, 10 * std::log10((3.25 * 3.25 + 16) / 0.0625));
  EXPECT_DOUBLE_EQ(x.cosine, (3.25 * 3 + 16) / (std::sqrt(3.25 * 3.25 + 16) * 5));
  EXPECT_EQ(x.b_max, 4);
  EXPECT_EQ(result.layers[1].op, "RESHAPE");
}

TEST(Compare, equal_models_differ_nowhere) {
  const Comparison result = compare(scores_model(2), scores_model(2), rows({1, 0, 0, 0}, 2), {});
  for (const LayerDifference& layer : result.layers) {
    EXPECT_EQ(layer.max_error, 0);
    EXPECT_TRUE(std::isinf(layer.sqnr_db));
    EXPECT_DOUBLE_EQ(layer.cosine, 1);
  }
}

TEST(Compare, batches_of_different_size_meet_and_repetitions_do_not_count) {
  const Model dynamic = scores_model(2);
  const Model fixed = scores_model(2, DType::int8, {{1}, {0}, 0}, 4);
  const Dataset data = rows({0, 0, 0, 0, 0, 0, 0, 0, 0.5f, 0}, 2);
  const Comparison one = compare(dynamic, fixed, data, {});
  const Comparison two = compare(fixed, dynamic, data, {});
  // Five samples of two elements, one of them off by a half.
  EXPECT_DOUBLE_EQ(one.layers[0].rms_error, std::sqrt(0.25 / 10));
  EXPECT_DOUBLE_EQ(two.layers[0].rms_error, std::sqrt(0.25 / 10));
  EXPECT_THAT(
      thrown_message(ErrorCode::data,
                     [&] { compare(fixed, scores_model(2, DType::float32, {}, 3), data, {}); }),
      HasSubstr("batches of 4 and 3"));
}

TEST(Compare, figures_do_not_depend_on_threads) {
  const Model a = scores_model(4);
  const Model b = scores_model(4, DType::int8, {{0.01f}, {3}, 0});
  const Dataset data = rows(Random(5).floats(4000), 4);
  const Comparison one = compare(a, b, data, {.threads = 1});
  const Comparison four = compare(a, b, data, {.threads = 4});
  for (size_t i = 0; i < one.layers.size(); ++i) {
    EXPECT_EQ(one.layers[i].rms_error, four.layers[i].rms_error);
    EXPECT_EQ(one.layers[i].cosine, four.layers[i].cosine);
  }
}

// x -> RESHAPE (named) -> RESHAPE (named) -> y
Model chain(const std::vector<std::string>& names) {
  Model model;
  Graph& graph = model.graph;
  ValueId id = graph.add({.name = "x", .dtype = DType::float32, .shape = {1, 4}});
  graph.inputs = {id};
  for (const std::string& name : names) {
    auto op = std::make_shared<Reshape>();
    op->new_shape = {2, 2};
    id = graph.append(std::move(op), {id}, name);
  }
  graph.outputs = {id};
  return model;
}

std::vector<std::pair<std::string, std::string>> matched(const Model& a, const Model& b) {
  std::vector<std::pair<std::string, std::string>> names;
  for (const TensorPair& pair : match_tensors(a.graph, b.graph)) {
    names.emplace_back(a.graph[pair.a].name, b.graph[pair.b].name);
  }
  return names;
}

TEST(Match, names_go_first) {
  EXPECT_THAT(matched(chain({"p", "q", "y"}), chain({"q", "y"})),
              ElementsAre(std::pair("x", "x"), std::pair("q", "q"), std::pair("y", "y")));
}

TEST(Match, tensors_with_other_names_are_matched_in_order_between_named_ones) {
  EXPECT_THAT(matched(chain({"p", "m", "q"}), chain({"1", "m", "2"})),
              ElementsAre(std::pair("x", "x"), std::pair("p", "1"), std::pair("m", "m"),
                          std::pair("q", "2")));
}

TEST(Match, names_that_cross_an_earlier_pair_are_coincidences) {
  EXPECT_THAT(matched(chain({"p", "q"}), chain({"q", "p"})),
              ElementsAre(std::pair("x", "x"), std::pair("p", "p")));
}

TEST(Match, other_shapes_and_operators_do_not_match) {
  EXPECT_THAT(matched(chain({"p"}), scores_model(3)), IsEmpty());
}

TEST(Coverage, counts_the_values_outside_of_the_calibrated_range) {
  Model model = scores_model(2);
  model.graph[model.graph.inputs[0]].range = Range{0, 1};
  model.graph[model.graph.outputs[0]].range = Range{-1, 1};
  const auto coverage = measure_coverage(model, rows({0, 1, -0.5f, 1.5f, 2, 0.5f}, 2), {});
  ASSERT_EQ(coverage.size(), 2u);
  EXPECT_EQ(coverage[0].name, "x");
  EXPECT_EQ(coverage[0].outside, 3u);
  EXPECT_EQ(coverage[0].elements, 6u);
  EXPECT_EQ(coverage[0].seen_min, -0.5f);
  EXPECT_EQ(coverage[0].seen_max, 2.0f);
  EXPECT_EQ(coverage[1].outside, 2u);
}

TEST(Coverage, tensors_without_a_range_are_not_looked_at) {
  EXPECT_THAT(measure_coverage(scores_model(2), rows({0, 1}, 2), {}), IsEmpty());
}

}  // namespace
}  // namespace litesmith
