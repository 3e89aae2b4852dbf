// Text in a plan: moved as addresses, read and written as what they stand for.
#include "runtime/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "ops/reshape.h"
#include "ops/slice.h"
#include "runtime/interpreter.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A STRING buffer of two texts whose second one ends at `end`.
std::vector<std::byte> buffer(uint32_t count, uint32_t end) {
  const uint32_t head[] = {count, 16, 18, end};
  std::vector<std::byte> bytes(21);
  std::memcpy(bytes.data(), head, sizeof head);
  std::memcpy(bytes.data() + sizeof head, "hiyou", 5);
  return bytes;
}

TEST(Text, is_read_as_the_file_has_it) {
  EXPECT_THAT(parse_texts(buffer(2, 21)), ElementsAre("hi", "you"));
}

TEST(Text, that_lies_outside_its_buffer_is_refused) {
  EXPECT_THAT(thrown_message(ErrorCode::format, [] { parse_texts(buffer(2, 22)); }),
              HasSubstr("text 1 lies at bytes 18 to 22 of 21"));
  EXPECT_THAT(thrown_message(ErrorCode::format, [] { parse_texts(buffer(2, 17)); }),
              HasSubstr("18 to 17"));
  thrown_message(ErrorCode::format, [] { parse_texts(buffer(5, 21)); });
  thrown_message(ErrorCode::format, [] { parse_texts(buffer(0xffffffff, 21)); });
  thrown_message(ErrorCode::format, [] { parse_texts({}); });
}

TEST(Text, moves_like_any_element) {
  Graph graph;
  const ValueId x = graph.add({.name = "x", .dtype = DType::string, .shape = {3, 1}});
  const ValueId shape = graph.add_constant<int32_t>("shape", {1}, {3});
  const ValueId indices = graph.add_constant<int32_t>("indices", {4}, {2, 0, 0, 1});
  const ValueId flat = graph.append(std::make_shared<Reshape>(), {x, shape}, "flat");
  const ValueId y = graph.append(std::make_shared<Gather>(), {flat, indices}, "y");
  graph.inputs = {x};
  graph.outputs = {y};
  Interpreter interpreter(Plan::make(graph, {}));
  interpreter.set_texts(0, {"one", "two, and longer than what fits in place", ""});
  interpreter.invoke();
  EXPECT_THAT(texts_at(interpreter.output(0)),
              ElementsAre("", "one", "one", "two, and longer than what fits in place"));
}

TEST(Text, of_a_constant_is_there_without_a_run_and_must_fill_its_shape) {
  Graph graph;
  Value value{.name = "words", .dtype = DType::string, .shape = {2}};
  value.data = Buffer::of(buffer(2, 21));
  const ValueId words = graph.add(value);
  graph.outputs = {words};
  EXPECT_THAT(texts_at(Interpreter(Plan::make(graph, {})).output(0)), ElementsAre("hi", "you"));
  graph[words].shape = {3};
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { Plan::make(graph, {}); }),
              HasSubstr("constant 'words'"));
}

}  // namespace
}  // namespace litesmith
