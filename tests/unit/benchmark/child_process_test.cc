#include "benchmark/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/thrown.h"

namespace litesmith {
namespace {

TEST(ChildProcess, answers_line_by_line) {
  ChildProcess cat({"cat"});
  ASSERT_TRUE(cat.write_line("one"));
  ASSERT_TRUE(cat.write_line("two words"));
  EXPECT_EQ(cat.read_line(), "one");
  EXPECT_EQ(cat.read_line(), "two words");
}

TEST(ChildProcess, that_has_ended_gives_nothing) {
  ChildProcess echo({"echo", "last words"});
  EXPECT_EQ(echo.read_line(), "last words");
  EXPECT_EQ(echo.read_line(), std::nullopt);
  // Its end may take a moment to be noticed; writing never raises a signal.
  while (echo.write_line("anybody there?")) {
  }
}

TEST(ChildProcess, that_does_not_exist_is_an_error) {
  EXPECT_THAT(thrown_message(ErrorCode::io, [] { ChildProcess({"no-such-program"}); }),
              ::testing::HasSubstr("no-such-program"));
}

}  // namespace
}  // namespace litesmith
