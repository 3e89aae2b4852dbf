#include "formats/keras/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"

namespace litesmith::keras {
namespace {

TEST(Json, values_of_every_kind_are_kept) {
  const Json json =
      parse_json(R"({"a": null, "b": true, "c": -1.5, "d": "x\u00e9", "e": [1, 2]})", "t");
  EXPECT_TRUE(json["a"].is_null());
  EXPECT_TRUE(json.flag("b", false));
  EXPECT_EQ(json.number("c"), -1.5);
  EXPECT_EQ(json["d"].text(), "x\xc3\xa9");
  EXPECT_EQ(json.integers("e", 2), (std::vector<int32_t>{1, 2}));
  EXPECT_TRUE(json["absent"].is_null());
}

TEST(Json, python_s_bare_NaN_and_Infinity_are_numbers) {
  const Json json = parse_json("[NaN, Infinity, -Infinity]", "t");
  EXPECT_TRUE(std::isnan(json.items()[0].value()));
  EXPECT_EQ(json.items()[1].value(), INFINITY);
  EXPECT_EQ(json.items()[2].value(), -INFINITY);
}

TEST(Json, numbers_are_read_to_the_last_bit) {
  const Json json = parse_json("[0.001, 0.1, 1e-7, 139744942029136]", "t");
  EXPECT_EQ(json.items()[0].value(), 0.001);
  EXPECT_EQ(json.items()[1].value(), 0.1);
  EXPECT_EQ(json.items()[2].value(), 1e-7);
  EXPECT_EQ(json.items()[3].value(), 139744942029136.0);
}

TEST(Json, zeros_and_numbers_that_hardly_fit) {
  const Json json = parse_json(
      "[0e99, -0.0, 5e-324, 1.7976931348623157e308, 123456789012345678901234567890]", "t");
  EXPECT_EQ(json.items()[0].value(), 0.0);
  EXPECT_TRUE(std::signbit(json.items()[1].value()));
  EXPECT_EQ(json.items()[2].value(), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(json.items()[3].value(), std::numeric_limits<double>::max());
  EXPECT_EQ(json.items()[4].value(), 123456789012345678901234567890.0);
  EXPECT_THROW(parse_json("[1e999]", "t"), Error);
}

TEST(Json, one_integer_stands_for_all_of_a_list) {
  EXPECT_EQ(parse_json(R"({"a": 3})", "t").integers("a", 2), (std::vector<int32_t>{3, 3}));
}

TEST(Json, what_is_asked_for_must_be_there_and_of_its_kind) {
  const Json json = parse_json(R"({"a": "x", "b": 1.5, "c": [1], "d": 3000000000})", "t");
  EXPECT_THROW(json.integer("a"), Error);
  EXPECT_THROW(json.integer("b"), Error);
  EXPECT_THROW(json.integer("absent"), Error);
  EXPECT_THROW(json.integers("c", 2), Error);
  EXPECT_THROW(json.integer("d"), Error);
  EXPECT_THROW(json.flag("a", true), Error);
  EXPECT_EQ(json.integer("absent", 7), 7);
}

TEST(Json, what_is_no_json_is_an_error) {
  for (const char* text : {"", "{", "[1,]", "{\"a\"}", "nul", "[1] 2", "\"\xff\""}) {
    EXPECT_THROW(parse_json(text, "t"), Error) << text;
  }
}

TEST(Json, nesting_has_an_end) {
  EXPECT_THROW(parse_json(std::string(100000, '['), "t"), Error);
  EXPECT_THROW(parse_json(std::string(300, '[') + std::string(300, ']'), "t"), Error);
  EXPECT_NO_THROW(parse_json(std::string(200, '[') + std::string(200, ']'), "t"));
}

}  // namespace
}  // namespace litesmith::keras
