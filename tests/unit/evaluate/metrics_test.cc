#include "evaluate/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace litesmith {
namespace {

using ::testing::ElementsAre;

// Expected values: the formula in 40-digit decimal arithmetic.
TEST(Wilson, gives_the_intervals_of_its_formula) {
  const Interval some = wilson_interval(901, 1000);
  EXPECT_NEAR(some.low, 0.8809263810632502, 1e-12);
  EXPECT_NEAR(some.high, 0.9180045586313347, 1e-12);
  const Interval few = wilson_interval(1, 3);
  EXPECT_NEAR(few.low, 0.0614919447203962, 1e-12);
  EXPECT_NEAR(few.high, 0.7923403991979523, 1e-12);
}

TEST(Wilson, all_right_or_all_wrong_touches_the_end_and_leaves_doubt_at_the_other) {
  EXPECT_EQ(wilson_interval(10, 10).high, 1.0);
  EXPECT_NEAR(wilson_interval(10, 10).low, 0.7224672001371107, 1e-12);
  EXPECT_EQ(wilson_interval(0, 10).low, 0.0);
  EXPECT_NEAR(wilson_interval(0, 10).high, 1 - 0.7224672001371107, 1e-12);
}

TEST(TopClasses, the_first_largest_column_wins) {
  const Outputs outputs{{0.2f, 0.5f, 0.3f, 0.4f, 0.4f, 0.2f, -1, -3, -1}, 3, 3};
  EXPECT_THAT(top_classes(outputs), ElementsAre(1, 0, 0));
}

TEST(TopClasses, one_column_is_binary_above_one_half) {
  const Outputs outputs{{0.5f, 0.500001f, 0.0f, 1.0f}, 4, 1};
  EXPECT_THAT(top_classes(outputs), ElementsAre(0, 1, 0, 1));
  EXPECT_EQ(outputs.classes(), 2u);
}

TEST(Confusion, rows_are_true_classes_and_columns_predicted_ones) {
  const std::vector<int32_t> predicted = {0, 1, 1, 2, 0};
  const std::vector<int32_t> labels = {0, 1, 0, 2, 2};
  const ConfusionMatrix matrix = confusion_matrix(predicted, labels, 3);
  EXPECT_THAT(matrix.counts, ElementsAre(1, 1, 0, 0, 1, 0, 1, 0, 1));
  EXPECT_EQ(matrix.correct(), 3u);
}

TEST(ClassFigures, precision_recall_and_f1_by_class) {
  const ConfusionMatrix matrix{2, {8, 2, 1, 4}};
  const auto figures = class_figures(matrix);
  EXPECT_EQ(figures[0].samples, 10u);
  EXPECT_DOUBLE_EQ(*figures[0].precision, 8.0 / 9);
  EXPECT_DOUBLE_EQ(*figures[0].recall, 0.8);
  EXPECT_DOUBLE_EQ(*figures[0].f1, 16.0 / 19);
  EXPECT_DOUBLE_EQ(*figures[1].precision, 4.0 / 6);
  EXPECT_DOUBLE_EQ(*figures[1].recall, 0.8);
}

TEST(ClassFigures, what_has_no_denominator_has_no_value) {
  const auto figures = class_figures({3, {2, 1, 0, 0, 0, 0, 0, 0, 0}});
  EXPECT_FALSE(figures[1].recall.has_value());
  EXPECT_DOUBLE_EQ(*figures[1].precision, 0);
  EXPECT_FALSE(figures[2].precision.has_value());
  EXPECT_FALSE(figures[2].f1.has_value());
}

TEST(Agreement, counts_what_was_lost_and_gained) {
  const std::vector<int32_t> reference = {0, 1, 1, 0, 2};
  const std::vector<int32_t> predicted = {0, 0, 0, 1, 2};
  const std::vector<int32_t> labels = {0, 1, 0, 2, 1};
  const Agreement result = agreement(reference, predicted, labels);
  EXPECT_EQ(result.n, 5u);
  EXPECT_EQ(result.same, 2u);
  EXPECT_EQ(result.lost, 1u);
  EXPECT_EQ(result.gained, 1u);
  EXPECT_EQ(agreement(reference, predicted, {}).lost, 0u);
}

TEST(Detection, a_score_equal_to_the_threshold_is_not_accepted) {
  const Outputs outputs{{0.2f, 0.8f, 0.5f, 0.5f, 0.1f, 0.9f, 0.7f, 0.3f}, 4, 2};
  const std::vector<int32_t> labels = {1, 1, 0, 0};
  const Detection result = detect(outputs, labels, 1, 0.5);
  EXPECT_EQ(result.positives, 2u);
  EXPECT_EQ(result.misses, 1u);
  EXPECT_EQ(result.negatives, 2u);
  EXPECT_EQ(result.false_accepts, 1u);
}

TEST(Detection, one_column_gives_the_second_classs_score) {
  const Outputs outputs{{0.9f, 0.2f}, 2, 1};
  const std::vector<int32_t> labels = {1, 0};
  EXPECT_EQ(detect(outputs, labels, 1, 0.5).misses, 0u);
  EXPECT_EQ(detect(outputs, labels, 1, 0.5).false_accepts, 0u);
  EXPECT_EQ(detect(outputs, labels, 0, 0.5).misses, 0u);
  EXPECT_EQ(detect(outputs, labels, 0, 0.85).misses, 1u);
}

TEST(Difference, maximum_and_root_mean_square) {
  const Outputs a{{0, 1, 2, 3}, 2, 2};
  const Outputs b{{0, 1, 5, 7}, 2, 2};
  EXPECT_DOUBLE_EQ(difference(a, b).max, 4);
  EXPECT_DOUBLE_EQ(difference(a, b).rms, 2.5);
}

}  // namespace
}  // namespace litesmith
