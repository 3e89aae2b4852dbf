#include "base/error.h"

#include <gmock/gmock.h>

#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Error, context_stands_in_front_outermost_first) {
  const std::string message = thrown_message(ErrorCode::data, [] {
    with_context("while reading 'm.keras'", [] {
      with_context("layer 'a'", [] { throw Error(ErrorCode::data, "has no weights"); });
    });
  });
  EXPECT_EQ(message, "while reading 'm.keras': layer 'a': has no weights");
}

TEST(Error, context_passes_the_result_through) {
  EXPECT_EQ(with_context("doing", [] { return 42; }), 42);
}

TEST(Error, context_leaves_other_exceptions_alone) {
  EXPECT_THROW(with_context("doing", [] { throw 42; }), int);
}

TEST(Error, every_code_has_its_name) {
  EXPECT_EQ(to_string(ErrorCode::usage), "usage");
  EXPECT_EQ(to_string(ErrorCode::io), "io");
  EXPECT_EQ(to_string(ErrorCode::format), "format");
  EXPECT_EQ(to_string(ErrorCode::unsupported), "unsupported");
  EXPECT_EQ(to_string(ErrorCode::data), "data");
  EXPECT_EQ(to_string(ErrorCode::internal), "internal");
  EXPECT_EQ(to_string(ErrorCode::cancelled), "cancelled");
}

TEST(Check, says_that_the_mistake_is_ours) {
  EXPECT_THAT(thrown_message(ErrorCode::internal, [] { check(false, "two is three"); }),
              AllOf(HasSubstr("report"), EndsWith("two is three")));
}

TEST(Check, passes_what_holds) { EXPECT_NO_THROW(check(true, "two is two")); }

TEST(Diagnostics, without_errors_throws_nothing) {
  Diagnostics findings;
  findings.warning("odd");
  EXPECT_TRUE(findings.ok());
  EXPECT_NO_THROW(findings.throw_if_errors("the model"));
  EXPECT_EQ(findings.warnings(), std::vector<std::string>{"odd"});
}

TEST(Diagnostics, one_error_is_said_in_one_line) {
  Diagnostics findings;
  findings.error(ErrorCode::data, "no labels");
  EXPECT_EQ(thrown_message(ErrorCode::data, [&] { findings.throw_if_errors("evaluation"); }),
            "evaluation: no labels");
}

TEST(Diagnostics, several_errors_are_listed_under_the_first_ones_code) {
  Diagnostics findings;
  findings.error(ErrorCode::format, "first");
  findings.error(ErrorCode::data, "second");
  EXPECT_FALSE(findings.ok());
  EXPECT_EQ(thrown_message(ErrorCode::format, [&] { findings.throw_if_errors("the model"); }),
            "the model:\n  - first\n  - second");
}

TEST(Diagnostics, a_flood_of_errors_is_counted_not_listed) {
  Diagnostics findings;
  for (int i = 0; i < 1000; ++i) findings.error(ErrorCode::format, "tensor " + std::to_string(i));
  const std::string message =
      thrown_message(ErrorCode::format, [&] { findings.throw_if_errors("the graph"); });
  EXPECT_THAT(message, AllOf(StartsWith("the graph:\n  - tensor 0\n"), HasSubstr("tensor 99"),
                             Not(HasSubstr("tensor 100")), EndsWith("and 900 more")));
}

}  // namespace
}  // namespace litesmith
