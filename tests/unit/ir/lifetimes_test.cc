#include "ir/lifetimes.h"

#include <gtest/gtest.h>

namespace litesmith {
namespace {

struct Sample {
  Graph graph;
  ValueId input = graph.add({.name = "input", .shape = {1}});
  ValueId middle = graph.add({.name = "middle", .shape = {1}});
  ValueId output = graph.add({.name = "output", .shape = {1}});
  ValueId state = graph.add({.name = "state", .shape = {1}, .is_variable = true});
  ValueId constant = graph.add_constant<float>("constant", {1}, {1});
  ValueId unused = graph.add({.name = "unused", .shape = {1}});

  Sample() {
    graph.inputs = {input};
    graph.outputs = {output};
  }
  // Three steps: the middle is made, read with the state and the constant, and the output made.
  Lifetimes lifetimes() const {
    Lifetimes result(graph, 3);
    result.touch(std::vector{input, ValueId{}, middle}, 0);
    result.touch(std::vector{middle, state, constant}, 1);
    result.touch(std::vector{output}, 2);
    return result;
  }
};

// True when that is what is asked of the arena.
bool asks(const ArenaRequest& a, size_t bytes, int first, int last) {
  return a.bytes == bytes && a.first == first && a.last == last;
}

TEST(Lifetimes, reach_from_the_first_touch_to_the_last) {
  const Sample s;
  EXPECT_TRUE(asks(s.lifetimes().request(s.middle, 8), 8, 0, 1));
}

TEST(Lifetimes, of_inputs_begin_before_the_run_and_of_outputs_end_behind_it) {
  const Sample s;
  EXPECT_TRUE(asks(s.lifetimes().request(s.input, 8), 8, -1, 0));
  EXPECT_TRUE(asks(s.lifetimes().request(s.output, 8), 8, 2, 3));
}

TEST(Lifetimes, of_variables_and_of_what_is_observed_are_the_whole_run) {
  const Sample s;
  EXPECT_TRUE(asks(s.lifetimes().request(s.state, 8), 8, -1, 3));
  EXPECT_TRUE(asks(s.lifetimes().request(s.middle, 8, true), 8, -1, 3));
}

TEST(Lifetimes, are_not_of_constants_nor_of_what_nobody_touches) {
  const Sample s;
  EXPECT_EQ(s.lifetimes().touched(), (std::vector{s.input, s.middle, s.output, s.state}));
}

}  // namespace
}  // namespace litesmith
