#include "base/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

TEST(Program, gives_back_what_a_program_makes_of_its_input) {
  EXPECT_EQ(run_program({"tr", "a-z", "A-Z"}, "abc"), "ABC");
}

TEST(Program, more_text_than_any_buffer_holds_passes_through) {
  const std::string long_text(5'000'000, 'x');
  EXPECT_EQ(run_program({"cat"}, long_text), long_text);
}

TEST(Program, one_that_does_not_read_its_input_is_no_problem) {
  EXPECT_EQ(run_program({"echo", "done"}, std::string(5'000'000, 'x')), "done\n");
}

TEST(Program, a_missing_one_is_named) {
  const auto error = thrown_message(ErrorCode::io, [] { run_program({"no-such-program"}, ""); });
  EXPECT_THAT(error, HasSubstr("cannot run 'no-such-program': No such file"));
}

TEST(Program, what_a_failing_one_said_is_told) {
  const auto error = thrown_message(ErrorCode::io, [] {
    run_program({"sh", "-c", "echo oh no >&2; exit 3"}, "");
  });
  EXPECT_THAT(error, HasSubstr("'sh' failed: oh no"));
}

}  // namespace
}  // namespace litesmith
