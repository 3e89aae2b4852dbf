#include "base/cpu_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/thrown.h"

namespace litesmith {
namespace {

TEST(Isa, without_a_wish_is_the_fastest) {
  EXPECT_EQ(choose_isa(nullptr, {Isa::baseline, Isa::avx2}), Isa::avx2);
  EXPECT_EQ(choose_isa("", {Isa::baseline, Isa::avx2}), Isa::avx2);
}

TEST(Isa, is_the_one_asked_for) {
  EXPECT_EQ(choose_isa("baseline", {Isa::baseline, Isa::avx2}), Isa::baseline);
}

TEST(Isa, the_machine_lacks_is_refused_with_the_ones_it_has) {
  const std::string message = thrown_message(ErrorCode::usage, [] {
    choose_isa("avx512", {Isa::baseline, Isa::avx2});
  });
  EXPECT_THAT(message, testing::HasSubstr("does not have"));
  EXPECT_THAT(message, testing::HasSubstr("baseline, avx2"));
}

TEST(Isa, nobody_knows_is_refused) { EXPECT_THROW(choose_isa("mmx", {Isa::baseline}), Error); }

TEST(Isa, baseline_is_on_every_machine) { EXPECT_EQ(supported_isas().front(), Isa::baseline); }

}  // namespace
}  // namespace litesmith
