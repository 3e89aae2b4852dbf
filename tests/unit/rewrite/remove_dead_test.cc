#include <gtest/gtest.h>

#include "ops/binary.h"
#include "ops/slice.h"
#include "ops/unary.h"
#include "rewrite/only.h"

namespace litesmith {
namespace {

using testing::after;
using testing::GraphBuilder;
using testing::op_names;
using testing::op_with;

TEST(RemoveDead, a_chain_nobody_reads_goes_with_its_constants) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4});
  const ValueId unread = builder.op(Add{}, {builder.op(Tanh{}, {x}), builder.ramp({4})});
  builder.op(Relu{}, {unread});
  const ValueId out = builder.op(Logistic{}, {x});
  const Graph graph = after(builder.model({out}), {"remove-dead"});
  EXPECT_EQ(op_names(graph), "LOGISTIC");
  EXPECT_EQ(graph.values.size(), 2u);
}

TEST(RemoveDead, not_an_op_of_which_one_output_is_read) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4});
  const ValueId axis = builder.constant<int32_t>("axis", {}, {1});
  const auto parts = builder.multi_op(op_with<Split>(&Split::num_splits, 2), {axis, x});
  EXPECT_EQ(op_names(after(builder.model({parts[1]}), {"remove-dead"})), "SPLIT");
}

TEST(RemoveDead, not_an_op_that_keeps_state_in_a_variable) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4});
  const ValueId state =
      builder.graph().add({.name = "state", .shape = {1, 4}, .is_variable = true});
  builder.op(Add{}, {x, state});
  EXPECT_EQ(op_names(after(builder.model({builder.op(Tanh{}, {x})}), {"remove-dead"})), "ADD TANH");
}

TEST(RemoveDead, not_an_input_nobody_reads) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 4});
  builder.input("unused", {1});
  const Graph graph = after(builder.model({builder.op(Tanh{}, {x})}), {"remove-dead"});
  EXPECT_EQ(graph.inputs.size(), 2u);
}

}  // namespace
}  // namespace litesmith
