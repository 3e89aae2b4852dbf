#include "optimize/warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/arrays.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

Dataset rows(const std::vector<float>& values) {
  return Dataset::of({{"", array_of({static_cast<int64_t>(values.size()), 1}, values)}}, "x");
}

TEST(SharedSamples, none_is_no_warning) {
  EXPECT_FALSE(warn_of_shared_samples(rows({1, 2}), rows({3, 4})).has_value());
}

TEST(SharedSamples, all_and_some_are_told_apart) {
  EXPECT_THAT(*warn_of_shared_samples(rows({1, 2}), rows({2, 1, 3})),
              HasSubstr("all 2 calibration samples are also evaluated"));
  EXPECT_THAT(*warn_of_shared_samples(rows({1, 2, 9}), rows({2, 1, 3})),
              HasSubstr("2 of 3 calibration samples are also evaluated"));
}

TEST(MissingClasses, labels_that_cover_all_classes_are_no_warning) {
  const std::vector<int32_t> calibration = {0, 1, 1};
  const std::vector<int32_t> evaluation = {1, 0};
  EXPECT_FALSE(warn_of_missing_classes(calibration, true, evaluation).has_value());
}

TEST(MissingClasses, one_class_only_is_the_classic_mistake) {
  const std::vector<int32_t> calibration = {0, 0, 0};
  const std::vector<int32_t> evaluation = {1, 0};
  EXPECT_THAT(*warn_of_missing_classes(calibration, true, evaluation),
              HasSubstr("show class 0 only; the evaluation data has class 1 too"));
  EXPECT_THAT(*warn_of_missing_classes(calibration, false, evaluation),
              HasSubstr("the model takes every calibration sample for class 0 only"));
}

TEST(MissingClasses, the_models_guesses_are_not_trusted_beyond_one_class) {
  const std::vector<int32_t> calibration = {0, 1};
  const std::vector<int32_t> evaluation = {0, 1, 2};
  EXPECT_FALSE(warn_of_missing_classes(calibration, false, evaluation).has_value());
  EXPECT_THAT(*warn_of_missing_classes(calibration, true, evaluation),
              HasSubstr("show 2 of 3 classes; the evaluation data has class 2 too"));
}

TEST(FewSamples, are_warned_of) {
  EXPECT_THAT(*warn_of_few_samples(1), HasSubstr("only 1 calibration sample;"));
  EXPECT_FALSE(warn_of_few_samples(100).has_value());
}

TEST(UncoveredRanges, a_thousandth_is_the_line_after_thousands_of_samples) {
  TensorCoverage tensor{.name = "conv", .range = {}, .seen_min = 0, .seen_max = 0};
  tensor.elements = 10000;
  tensor.outside = 10;
  EXPECT_FALSE(warn_of_uncovered_ranges({{tensor}}, 3000).has_value());
  tensor.outside = 11;
  const std::vector<TensorCoverage> two = {tensor, tensor};
  EXPECT_THAT(*warn_of_uncovered_ranges(two, 3000),
              HasSubstr("0.11% of the values of 'conv' in the evaluation data lie outside"));
  EXPECT_THAT(*warn_of_uncovered_ranges(two, 3000), HasSubstr("(1 more tensor like it)"));
}

TEST(UncoveredRanges, what_chance_explains_is_no_warning) {
  TensorCoverage tensor{.name = "conv", .range = {}, .seen_min = 0, .seen_max = 0};
  tensor.elements = 10000;
  tensor.outside = 190;  // 2 / 101 would be 198
  EXPECT_FALSE(warn_of_uncovered_ranges({{tensor}}, 100).has_value());
  tensor.outside = 200;
  EXPECT_TRUE(warn_of_uncovered_ranges({{tensor}}, 100).has_value());
}

}  // namespace
}  // namespace litesmith
