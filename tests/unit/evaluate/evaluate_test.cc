#include "evaluate/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/sizes.h"
#include "formats/tflite/write.h"
#include "testing/arrays.h"
#include "testing/random.h"
#include "testing/rows.h"
#include "testing/scores.h"
#include "testing/temporary_folder.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Labels labels_of(const std::vector<int64_t>& classes) {
  return labels_of(array_of({static_cast<int64_t>(classes.size())}, classes), "y.npy");
}

TEST(Evaluate, counts_right_answers_by_class) {
  const Model model = scores_model(3);
  const Dataset data = rows({.9f, .1f, 0, .2f, .7f, .1f, .4f, .3f, .3f, 0, 0, 1}, 3);
  const Labels labels = labels_of({0, 1, 2, 2});
  const Evaluation result = evaluate(model, data, &labels, nullptr, {});
  EXPECT_EQ(result.n, 4u);
  EXPECT_EQ(result.confusion->correct(), 3u);
  EXPECT_EQ(result.confusion->at(2, 0), 1u);
  EXPECT_THAT(result.predicted, ElementsAre(0, 1, 0, 2));
  EXPECT_THAT(result.notes, IsEmpty());
  EXPECT_GT(result.latency->runs, 0u);
  EXPECT_LE(result.latency->median_us, result.latency->p95_us);
}

TEST(Evaluate, the_file_decides_the_scale_of_inputs_and_outputs) {
  // Scores of at most 1 with a step of 1/128 around zero point 5.
  const Model model = scores_model(2, DType::int8, {{1.0f / 128}, {5}, 0});
  const Labels labels = labels_of({1, 0});
  const Evaluation result = evaluate(model, rows({.25f, .75f, .5f, .25f}, 2), &labels, nullptr, {});
  EXPECT_EQ(result.confusion->correct(), 2u);
  EXPECT_THAT(result.outputs.values, ElementsAre(.25f, .75f, .5f, .25f));
}

TEST(Evaluate, a_cast_without_scale_is_scored_beside_the_truth) {
  // Cast to int8, scores below 1 are all 0 and class 0 wins by being first.
  const Model model = scores_model(2, DType::int8, {{1.0f / 128}, {5}, 0});
  const Labels labels = labels_of({1, 1, 0});
  const Evaluation result = evaluate(model, rows({.25f, .75f, .1f, .2f, .5f, .25f}, 2), &labels,
                                     nullptr, {.explain_cast = true});
  EXPECT_EQ(result.confusion->correct(), 3u);
  ASSERT_TRUE(result.cast.has_value());
  EXPECT_EQ(result.cast->correct, 1u);
  EXPECT_EQ(result.cast->type, DType::int8);
  EXPECT_EQ(result.cast->zero_point, 5);
}

TEST(Evaluate, float_inputs_have_no_cast_to_explain) {
  const Model model = scores_model(2);
  const Labels labels = labels_of({1});
  const Evaluation result =
      evaluate(model, rows({.25f, .75f}, 2), &labels, nullptr, {.explain_cast = true});
  EXPECT_FALSE(result.cast.has_value());
}

TEST(Evaluate, another_models_answers_are_the_reference) {
  const Dataset data = rows({.9f, .1f, .49f, .51f, .51f, .49f}, 2);
  const Labels labels = labels_of({0, 1, 1});
  const Evaluation reference = evaluate(scores_model(2), data, &labels, nullptr, {});
  // Steps of 1/10: 0.49 and 0.51 become the same, and the first class wins.
  const Model coarse = scores_model(2, DType::int8, {{0.1f}, {0}, 0});
  const Evaluation result = evaluate(coarse, data, &labels, &reference, {});
  EXPECT_EQ(result.agreement->same, 2u);
  EXPECT_EQ(result.agreement->lost, 1u);
  EXPECT_EQ(result.agreement->gained, 0u);
  EXPECT_NEAR(result.difference->max, 0.01, 1e-6);
}

TEST(Evaluate, without_labels_there_are_still_differences) {
  const Dataset data = rows({.9f, .1f}, 2);
  const Evaluation reference = evaluate(scores_model(2), data, nullptr, nullptr, {});
  const Evaluation result = evaluate(scores_model(2), data, nullptr, &reference, {});
  EXPECT_FALSE(result.confusion.has_value());
  EXPECT_EQ(result.agreement->same, 1u);
  EXPECT_EQ(result.difference->max, 0);
}

TEST(Evaluate, a_threshold_counts_misses_and_false_accepts) {
  const Model model = scores_model(2);
  const Labels labels = labels_of({1, 1, 0, 0});
  const Dataset data = rows({.1f, .9f, .4f, .6f, .3f, .7f, .9f, .1f}, 2);
  const Evaluation result = evaluate(model, data, &labels, nullptr, {.threshold = 0.65});
  EXPECT_EQ(result.detection->positive_class, 1u);
  EXPECT_EQ(result.detection->misses, 1u);
  EXPECT_EQ(result.detection->false_accepts, 1u);
}

TEST(Evaluate, a_threshold_among_many_classes_needs_the_watched_one) {
  const Model model = scores_model(3);
  const Labels labels = labels_of({1});
  const Dataset data = rows({.1f, .9f, 0}, 3);
  EXPECT_THAT(thrown_message(ErrorCode::usage,
                             [&] { evaluate(model, data, &labels, nullptr, {.threshold = 0.5}); }),
              HasSubstr("has 3 classes"));
  EXPECT_EQ(
      evaluate(model, data, &labels, nullptr, {.threshold = 0.5, .positive = 1}).detection->misses,
      0u);
  thrown_message(ErrorCode::usage, [&] {
    evaluate(model, data, &labels, nullptr, {.threshold = 0.5, .positive = 3});
  });
  thrown_message(ErrorCode::usage, [&] {
    evaluate(model, data, nullptr, nullptr, {.threshold = 0.5, .positive = 1});
  });
}

TEST(Evaluate, labels_beyond_the_models_classes_are_refused) {
  const Model model = scores_model(2);
  const Labels labels = labels_of({2});
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [&] {
                               evaluate(model, rows({1, 0}, 2), &labels, nullptr, {});
                             }),
              HasSubstr("beyond the model's 2 classes"));
}

TEST(Evaluate, one_column_is_binary_at_one_half) {
  const Model model = scores_model(1);
  const Labels labels = labels_of({1, 0, 0});
  const Evaluation result = evaluate(model, rows({.7f, .3f, .6f}, 1), &labels, nullptr, {});
  EXPECT_EQ(result.confusion->classes, 2u);
  EXPECT_EQ(result.confusion->correct(), 2u);
}

TEST(Evaluate, figures_do_not_depend_on_threads) {
  const Model model = scores_model(4, DType::int8, {{0.01f}, {3}, 0});
  const Dataset data = rows(Random(3).floats(400), 4);
  std::vector<int64_t> classes(100);
  Random random(4);
  for (int64_t& each : classes) each = random.below(4);
  const Labels labels = labels_of(classes);
  const Evaluation one = evaluate(model, data, &labels, nullptr, {.threads = 1, .latency = false});
  const Evaluation four = evaluate(model, data, &labels, nullptr, {.threads = 4, .latency = false});
  EXPECT_EQ(one.outputs.values, four.outputs.values);
  EXPECT_EQ(one.confusion->counts, four.confusion->counts);
}

TEST(Sizes, are_those_of_the_file) {
  const TemporaryFolder folder;
  const Model model = scores_model(2);
  write_tflite(model, folder / "m.tflite");
  const Sizes sizes = measure_sizes(folder / "m.tflite", model);
  EXPECT_EQ(sizes.file_bytes, std::filesystem::file_size(folder / "m.tflite"));
  EXPECT_GE(sizes.data_bytes, 8u);  // the RESHAPE's target
  EXPECT_LT(sizes.data_bytes, sizes.file_bytes);
  EXPECT_GE(sizes.arena_bytes.value(), 16u);
}

}  // namespace
}  // namespace litesmith
