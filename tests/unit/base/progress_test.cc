#include "base/progress.h"

#include <gmock/gmock.h>

#include "testing/thrown.h"

namespace litesmith {
namespace {

TEST(Progress, hears_stage_and_counts) {
  std::string heard;
  report(
      [&](std::string_view stage, size_t done, size_t total) {
        heard = std::string(stage) + " " + std::to_string(done) + "/" + std::to_string(total);
        return true;
      },
      "calibrating", 3, 8);
  EXPECT_EQ(heard, "calibrating 3/8");
}

TEST(Progress, that_is_empty_is_silent) { EXPECT_NO_THROW(report({}, "calibrating", 3, 8)); }

TEST(Progress, stops_the_work_by_returning_false) {
  EXPECT_THAT(thrown_message(ErrorCode::cancelled,
                             [] { report([](auto...) { return false; }, "calibrating", 3, 8); }),
              ::testing::HasSubstr("calibrating"));
}

}  // namespace
}  // namespace litesmith
