#include "quantize/overwritten.h"

#include <gtest/gtest.h>

#include "ops/binary.h"
#include "ops/reshape.h"
#include "ops/unary.h"
#include "quantize/network.h"

namespace litesmith {
namespace {

using testing::CalibratedBuilder;

struct TwoBranches {
  CalibratedBuilder net;
  ValueId x = net.image();
  ValueId a = net.conv(x, 1);
  ValueId b = net.conv(x, 2);

  // The range of `id` after the quirk, in a network that ends at `last`.
  Range widened(ValueId id, ValueId last) {
    const ValueId end = net.ranged(net.op(Relu{}, {last}), 0, 9);
    Graph graph = net.model({end}).graph;
    widen_overwritten(graph);
    return *graph[id].range;
  }
};

TEST(Overwritten, a_sum_widens_its_first_operand_only) {
  TwoBranches net;
  const ValueId sum = net.net.ranged(net.net.op(Add{}, {net.a, net.b}), -3, 4);
  EXPECT_EQ(net.widened(net.a, sum), (Range{-3, 4}));
  TwoBranches other;
  const ValueId product = other.net.ranged(other.net.op(Mul{}, {other.a, other.b}), -3, 4);
  EXPECT_EQ(other.widened(other.b, product), (Range{-2, 2}));
}

TEST(Overwritten, the_second_when_something_else_reads_the_first) {
  TwoBranches net;
  const ValueId sum = net.net.ranged(net.net.op(Add{}, {net.a, net.b}), -3, 4);
  const ValueId more = net.net.ranged(net.net.op(Maximum{}, {sum, net.a}), -3, 4);
  EXPECT_EQ(net.widened(net.b, more), (Range{-3, 4}));
  TwoBranches other;
  const ValueId same = other.net.ranged(other.net.op(Add{}, {other.a, other.b}), -3, 4);
  const ValueId again = other.net.ranged(other.net.op(Maximum{}, {same, other.a}), -3, 4);
  EXPECT_EQ(other.widened(other.a, again), (Range{-1, 1}));
}

TEST(Overwritten, not_an_input_of_the_model_nor_for_its_output) {
  CalibratedBuilder net;
  const ValueId x = net.image();
  const ValueId sum = net.ranged(net.op(Add{}, {x, net.floats({1}, {5})}), 4, 6);
  const ValueId y = net.conv(sum, 2);
  const ValueId last = net.ranged(net.op(Add{}, {y, net.floats({1}, {5})}), 3, 7);
  Graph graph = net.model({last}).graph;
  widen_overwritten(graph);
  EXPECT_EQ(graph[x].range, (Range{-1, 1}));
  EXPECT_EQ(graph[y].range, (Range{-2, 2}));
}

TEST(Overwritten, not_a_value_added_to_itself) {
  TwoBranches net;
  const ValueId sum = net.net.ranged(net.net.op(Add{}, {net.a, net.a}), -2, 8);
  EXPECT_EQ(net.widened(net.a, sum), (Range{-1, 1}));
}

TEST(Overwritten, not_an_operand_that_is_broadcast) {
  TwoBranches net;
  const ValueId small = net.net.ranged(
      net.net.op(Reshape{}, {net.net.input("s", {1, 1, 1, 2}), net.net.ints({1, 1, 1, 2})}), -1, 1);
  const ValueId shown = net.net.ranged(net.net.op(Abs{}, {small}), 0, 1);
  const ValueId sum = net.net.ranged(net.net.op(Add{}, {shown, net.a}), -3, 4);
  EXPECT_EQ(net.widened(shown, sum), (Range{0, 1}));
}

TEST(Overwritten, a_reshape_shares_the_memory_of_what_it_reads) {
  TwoBranches net;
  const ValueId flat = net.net.ranged(net.net.op(Reshape{}, {net.a, net.net.ints({1, 32})}), -1, 1);
  const ValueId sum = net.net.ranged(net.net.op(Add{}, {flat, net.net.floats({1}, {5})}), 4, 6);
  EXPECT_EQ(net.widened(flat, sum), (Range{-1, 6}));

  TwoBranches shared;  // the convolution's result is still needed, so nothing may be overwritten
  const ValueId view =
      shared.net.ranged(shared.net.op(Reshape{}, {shared.a, shared.net.ints({1, 32})}), -1, 1);
  const ValueId total =
      shared.net.ranged(shared.net.op(Add{}, {view, shared.net.floats({1}, {5})}), 4, 6);
  const ValueId joined = shared.net.ranged(
      shared.net.op(Sub{},
                    {shared.net.op(Reshape{}, {total, shared.net.ints({1, 4, 4, 2})}), shared.a}),
      3, 7);
  EXPECT_EQ(shared.widened(view, joined), (Range{-1, 1}));
}

}  // namespace
}  // namespace litesmith
