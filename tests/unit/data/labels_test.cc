#include "data/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/arrays.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Labels, integers_columns_and_floats_that_hold_integers_are_labels) {
  EXPECT_THAT(labels_of(array_of<int64_t>({3}, {0, 2, 1}), "y").classes, ElementsAre(0, 2, 1));
  EXPECT_THAT(labels_of(array_of<float>({3, 1}, {0, 2, 1}), "y").classes, ElementsAre(0, 2, 1));
  EXPECT_THAT(labels_of(array_of<float>({3, 1}, {0, 2, 1}), "y").notes, IsEmpty());
}

TEST(Labels, one_hot_rows_are_read_and_noted) {
  const Labels labels = labels_of(array_of<float>({2, 3}, {0, 0, 1, 1, 0, 0}), "y");
  EXPECT_THAT(labels.classes, ElementsAre(2, 0));
  EXPECT_THAT(labels.notes, ElementsAre(HasSubstr("one-hot")));
}

TEST(Labels, rows_that_are_not_one_hot_are_refused) {
  for (const std::vector<int64_t>& row :
       std::vector<std::vector<int64_t>>{{1, 1}, {0, 0}, {0, 2}}) {
    EXPECT_THAT(thrown_message(ErrorCode::data,
                               [&] {
                                 labels_of(array_of<int64_t>({1, 2}, row), "y");
                               }),
                HasSubstr("row 0 is not one-hot"));
  }
}

TEST(Labels, what_is_no_class_number_is_refused) {
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [] {
                               labels_of(array_of<float>({2}, {1, 0.5f}), "y.npy");
                             }),
              HasSubstr("labels 'y.npy': sample 1: the array holds 0.5"));
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [] {
                               labels_of(array_of<int64_t>({2}, {1, -1}), "y");
                             }),
              HasSubstr("label -1 of sample 1"));
  EXPECT_THAT(
      thrown_message(ErrorCode::data, [] { labels_of(array_of<int64_t>({1}, {1LL << 40}), "y"); }),
      HasSubstr("is no class number"));
}

TEST(Labels, arrays_of_other_ranks_are_refused) {
  EXPECT_THAT(thrown_message(ErrorCode::data,
                             [] {
                               labels_of(array_of<float>({1, 1, 1}, {1}), "y");
                             }),
              HasSubstr("float32 [1, 1, 1] is no list of labels"));
  thrown_message(ErrorCode::data, [] { labels_of(array_of<float>({}, {1}), "y"); });
  thrown_message(ErrorCode::data, [] { labels_of(array_of<float>({0}, {}), "y"); });
}

TEST(Labels, number_and_range_must_match_the_model) {
  const Labels labels = labels_of(array_of<int64_t>({3}, {0, 7, 1}), "y");
  check_labels(labels, 3, 8);
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { check_labels(labels, 4, 8); }),
              HasSubstr("there are 3 labels for 4 samples"));
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { check_labels(labels, 3, 7); }),
              HasSubstr("label 7 of sample 1 is beyond the model's 7 classes (0 to 6)"));
}

}  // namespace
}  // namespace litesmith
