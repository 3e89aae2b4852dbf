#include "runtime/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "ops/arrange.h"
#include "ops/conv_2d.h"
#include "ops/pad.h"
#include "ops/pool_2d.h"
#include "ops/reshape.h"
#include "ops/shape_and_cast.h"
#include "ops/slice.h"
#include "testing/graph_builder.h"
#include "testing/random.h"
#include "testing/run_graph.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using testing::elements_of;
using testing::fill;
using testing::GraphBuilder;
using ::testing::HasSubstr;
using testing::op_with;
using testing::read;
using testing::run_graph;
using Floats = std::vector<float>;

ValueId pad_both_sides(GraphBuilder& builder, ValueId x) {
  const ValueId amounts = builder.constant<int32_t>(
      "amounts" + std::to_string(builder.graph().nodes.size()), {2, 2}, {0, 0, 1, 1});
  return builder.op(Pad{}, {x, amounts});
}

// The batch, then rows of 3 padded to 5, then to 7, then turned.
struct Padded {
  GraphBuilder builder;
  ValueId x;
  ValueId five;
  ValueId seven;
  Graph graph;
  explicit Padded(int32_t batch) {
    x = builder.input("x", {batch, 3});
    five = pad_both_sides(builder, x);
    seven = pad_both_sides(builder, five);
    graph = builder.model({seven}).graph;
  }
};

TEST(Plan, runs_the_ops_in_order) {
  EXPECT_EQ(run_graph<float>(Padded(1).graph, {1, 2, 3}), (Floats{0, 0, 1, 2, 3, 0, 0}));
}

TEST(Plan, an_open_batch_is_one_or_the_files_own_or_what_is_asked_for) {
  Graph graph = Padded(kDynamic).graph;
  auto batch_of = [&](const PlanOptions& options) {
    const auto plan = Plan::make(graph, options);
    return plan->graph()[plan->graph().outputs[0]].shape.at(0);
  };
  EXPECT_EQ(batch_of({}), 1);
  graph[graph.inputs[0]].default_shape = {4, 3};
  EXPECT_EQ(batch_of({}), 4);
  EXPECT_EQ(batch_of({.batch = 6}), 6);
}

TEST(Plan, a_fixed_batch_stays_what_it_is) {
  const auto plan = Plan::make(Padded(2).graph, {.batch = 6});
  EXPECT_EQ(plan->graph()[plan->graph().inputs[0]].shape, (Shape{2, 3}));
}

TEST(Plan, every_batch_size_gives_each_sample_the_same_result) {
  Random random(1);
  const Graph graph = Padded(kDynamic).graph;
  const Floats samples = random.floats(3 * 8);
  const Floats together = run_graph<float>(graph, samples, {.batch = 8});
  for (size_t i = 0; i < 8; ++i) {
    const Floats one =
        run_graph<float>(graph, Floats(samples.begin() + 3 * static_cast<long>(i),
                                       samples.begin() + 3 * static_cast<long>(i) + 3));
    EXPECT_TRUE(std::equal(one.begin(), one.end(), together.begin() + 7 * static_cast<long>(i)));
  }
}

TEST(Plan, what_is_known_beforehand_becomes_constant) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 4});
  const ValueId shape = builder.op(ShapeOf{}, {x});
  const ValueId batch =
      builder.op(op_with<StridedSlice>(&StridedSlice::shrink_axis_mask, 1),
                 {shape, builder.ints({0}), builder.ints({1}), builder.ints({1})});
  const ValueId two = builder.constant<int32_t>("two", {}, {2});
  const ValueId target = builder.op(op_with<Pack>(&Pack::values_count, 3), {batch, two, two});
  const ValueId y = builder.op(Reshape{}, {x, target});
  const auto plan = Plan::make(builder.model({y}).graph, {.batch = 3});
  EXPECT_EQ(plan->steps().size(), 1u);
  EXPECT_EQ(elements_of<int32_t>(plan->graph()[target].data->bytes()),
            (std::vector<int32_t>{3, 2, 2}));
  EXPECT_EQ(plan->graph()[y].shape, (Shape{3, 2, 2}));
  EXPECT_EQ(plan->offset(target), Plan::kNoOffset);
  Interpreter interpreter(plan);
  fill(interpreter, 0, Floats(12, 5.0f));
  interpreter.invoke();
  EXPECT_EQ(read<float>(interpreter, 0), Floats(12, 5.0f));
  EXPECT_EQ(elements_of<int32_t>(interpreter.value(target)), (std::vector<int32_t>{3, 2, 2}));
}

TEST(Plan, an_output_may_be_a_constant) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {2, 3});
  const ValueId shape = builder.op(ShapeOf{}, {x});
  Interpreter interpreter(Plan::make(builder.model({shape}).graph, {}));
  interpreter.invoke();
  EXPECT_EQ(read<int32_t>(interpreter, 0), (std::vector<int32_t>{2, 3}));
}

TEST(Plan, an_input_may_be_an_output) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 3});
  const ValueId y = pad_both_sides(builder, x);
  Interpreter interpreter(Plan::make(builder.model({y, x}).graph, {}));
  fill(interpreter, 0, Floats{1, 2, 3});
  interpreter.invoke();
  EXPECT_EQ(read<float>(interpreter, 1), (Floats{1, 2, 3}));
}

TEST(Plan, observing_keeps_every_tensor_whole) {
  const Padded net(1);
  Interpreter interpreter(Plan::make(net.graph, {.observe_all = true}));
  fill(interpreter, 0, Floats{1, 2, 3});
  interpreter.invoke();
  EXPECT_EQ(elements_of<float>(interpreter.value(net.x)), (Floats{1, 2, 3}));
  EXPECT_EQ(elements_of<float>(interpreter.value(net.five)), (Floats{0, 1, 2, 3, 0}));
  EXPECT_GT(Plan::make(net.graph, {.observe_all = true})->arena_bytes(),
            Plan::make(net.graph, {})->arena_bytes());
}

ValueId reshaped(GraphBuilder& builder, ValueId x, Shape shape) {
  return builder.op(op_with<Reshape>(&Reshape::new_shape, std::move(shape)), {x});
}

TEST(Plan, a_value_of_another_shape_lies_where_it_was) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 3});
  const ValueId row = pad_both_sides(builder, x);
  const ValueId column = reshaped(builder, row, {5, 1});
  const ValueId again = reshaped(builder, column, {1, 5});
  const ValueId wide = pad_both_sides(builder, again);
  // Other memory is asked for while the row is read only under its other names, and as itself.
  const ValueId late = pad_both_sides(builder, row);
  const Graph graph = builder.model({column, wide, late}).graph;
  const auto plan = Plan::make(graph, {});
  EXPECT_EQ(plan->offset(column), plan->offset(row));
  EXPECT_EQ(plan->offset(again), plan->offset(row));
  EXPECT_NE(plan->offset(wide), plan->offset(row));
  Interpreter interpreter(plan);
  fill(interpreter, 0, Floats{1, 2, 3});
  interpreter.invoke();
  EXPECT_EQ(read<float>(interpreter, 0), (Floats{0, 1, 2, 3, 0}));
  EXPECT_EQ(read<float>(interpreter, 1), (Floats{0, 0, 1, 2, 3, 0, 0}));
  EXPECT_EQ(read<float>(interpreter, 2), (Floats{0, 0, 1, 2, 3, 0, 0}));
  const auto apart = Plan::make(graph, {.lowered = false});
  EXPECT_NE(apart->offset(column), apart->offset(row));
}

TEST(Plan, an_output_changes_in_a_run_only) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 3});
  Interpreter interpreter(Plan::make(builder.model({reshaped(builder, x, {3})}).graph, {}));
  fill(interpreter, 0, Floats{1, 2, 3});
  interpreter.invoke();
  fill(interpreter, 0, Floats{4, 5, 6});
  EXPECT_EQ(read<float>(interpreter, 0), (Floats{1, 2, 3}));
}

TEST(Plan, a_variable_of_another_shape_is_copied) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 3});
  const ValueId state =
      builder.graph().add({.name = "state", .shape = {1, 3}, .is_variable = true});
  const ValueId flat = reshaped(builder, state, {3});
  const ValueId both = builder.op(op_with<Concatenation>(&Concatenation::axis, 0),
                                  {flat, reshaped(builder, x, {3})});
  const auto plan = Plan::make(builder.model({both}).graph, {});
  EXPECT_NE(plan->offset(flat), plan->offset(state));
}

TEST(Plan, without_kernels_tells_the_same_arena) {
  const Padded net(1);
  const auto sizes = Plan::make(net.graph, {.lowered = false, .runs = false});
  const auto whole = Plan::make(net.graph, {.lowered = false});
  EXPECT_EQ(sizes->arena_bytes(), whole->arena_bytes());
  EXPECT_THROW(Interpreter{sizes}, Error);
}

TEST(Plan, a_value_nothing_touches_has_no_memory) {
  Padded net(1);
  const ValueId idle = net.graph.add({.name = "idle", .shape = {100}});
  const auto plan = Plan::make(net.graph, {.observe_all = true});
  EXPECT_EQ(plan->offset(idle), Plan::kNoOffset);
  EXPECT_TRUE(Interpreter(plan).value(idle).empty());
}

TEST(Plan, ops_without_a_kernel_are_all_named) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 3});
  // No kernel moves numbers of four bits.
  const ValueId nibbles = builder.input("n", {1, 4}, DType::int4);
  const ValueId y = pad_both_sides(builder, x);
  const ValueId z = builder.op(Transpose{}, {nibbles, builder.ints({1, 0})});
  const std::string message = thrown_message(ErrorCode::unsupported, [&] {
    Plan::make(builder.model({y, z}).graph, {});
  });
  EXPECT_THAT(message, HasSubstr("op 1 TRANSPOSE"));
  EXPECT_THAT(message, HasSubstr("int4"));
}

TEST(Plan, a_shape_that_only_a_run_can_tell_is_refused) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 6});
  const ValueId target = builder.input("target", {2}, DType::int32);
  const ValueId y = builder.op(Reshape{}, {x, target}, "y");
  EXPECT_THAT(
      thrown_message(ErrorCode::unsupported, [&] { Plan::make(builder.model({y}).graph, {}); }),
      HasSubstr("the shape of 'y', [?, ?], depends on values"));
}

TEST(Plan, activations_beyond_the_memory_limit_are_refused) {
  const Graph graph = Padded(kDynamic).graph;
  EXPECT_NO_THROW(Plan::make(graph, {.batch = 1000, .memory_limit = 100000}));
  EXPECT_THAT(thrown_message(ErrorCode::unsupported,
                             [&] { Plan::make(graph, {.batch = 10000, .memory_limit = 100000}); }),
              HasSubstr("exceed the memory limit of 100000"));
}

TEST(Plan, constants_that_ops_make_count_against_the_limit) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1});
  std::vector<ValueId> outputs = {x};
  for (int i = 0; i < 20; ++i) {
    outputs.push_back(builder.op(BroadcastTo{}, {builder.floats({1}, {1}), builder.ints({10000})}));
  }
  const Graph graph = builder.model(outputs).graph;
  EXPECT_NO_THROW(Plan::make(graph, {.memory_limit = 1000000}));
  EXPECT_THAT(
      thrown_message(ErrorCode::unsupported, [&] { Plan::make(graph, {.memory_limit = 400000}); }),
      HasSubstr("for the constants that ops make"));
}

TEST(Plan, the_graph_handed_in_stays_as_it_was) {
  const Graph graph = Padded(kDynamic).graph;
  const std::string before = to_text(graph);
  Plan::make(graph, {.batch = 5});
  EXPECT_EQ(to_text(graph), before);
}

TEST(Plan, tensors_without_elements_run) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {0, 3});
  const ValueId y = builder.op(Transpose{}, {x, builder.ints({1, 0})});
  const ValueId z = pad_both_sides(builder, y);
  EXPECT_EQ(run_graph<float>(builder.model({z}).graph, {}), Floats(6, 0.0f));
}

// A convolution and a pool: kernels with packed weights and scratch memory.
Graph convolved(Random& random) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {kDynamic, 9, 9, 3});
  const ValueId w = builder.floats({8, 3, 3, 3}, random.floats(8 * 27));
  const ValueId y = builder.op(Conv2D{}, {x, w, builder.floats({8}, random.floats(8))});
  const ValueId z =
      builder.op(op_with<MaxPool2D>(&MaxPool2D::filter_width, 2, &MaxPool2D::filter_height, 2,
                                    &MaxPool2D::stride_w, 2, &MaxPool2D::stride_h, 2),
                 {y});
  return builder.model({z}).graph;
}

TEST(Interpreter, two_on_one_plan_run_in_two_threads) {
  Random random(2);
  const auto plan = Plan::make(convolved(random), {});
  const std::vector<Floats> samples = {random.floats(243), random.floats(243)};
  std::vector<Floats> alone;
  for (const Floats& sample : samples) alone.push_back(run_graph<float>(plan->graph(), sample));
  std::vector<std::thread> threads;
  std::vector<int> wrong(2, -1);
  for (size_t t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      Interpreter interpreter(plan);
      wrong[t] = 0;
      for (int i = 0; i < 50; ++i) {
        fill(interpreter, 0, samples[t]);
        interpreter.invoke();
        wrong[t] += read<float>(interpreter, 0) == alone[t] ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, (std::vector<int>{0, 0}));
}

TEST(Interpreter, nothing_is_left_over_from_the_run_before) {
  Random random(3);
  const Graph graph = convolved(random);
  Interpreter interpreter(Plan::make(graph, {}));
  for (int i = 0; i < 3; ++i) {
    const Floats sample = random.floats(243);
    fill(interpreter, 0, sample);
    interpreter.invoke();
    EXPECT_EQ(read<float>(interpreter, 0), run_graph<float>(graph, sample));
  }
}

TEST(Interpreter, memory_is_aligned_for_vectors) {
  const auto plan = Plan::make(Padded(1).graph, {.observe_all = true});
  Interpreter interpreter(plan);
  for (size_t i = 0; i < plan->graph().values.size(); ++i) {
    const ValueId id{static_cast<int32_t>(i)};
    if (plan->offset(id) == Plan::kNoOffset) continue;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(interpreter.value(id).data()) % 64, 0u);
  }
}

TEST(Interpreter, a_variable_keeps_its_memory_to_itself) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 30});
  const ValueId state =
      builder.graph().add({.name = "state", .shape = {1, 30}, .is_variable = true});
  ValueId y = builder.op(op_with<Concatenation>(&Concatenation::axis, 1), {x, state});
  for (int i = 0; i < 4; ++i) y = pad_both_sides(builder, y);
  Interpreter interpreter(Plan::make(builder.model({y}).graph, {}));
  for (int i = 0; i < 2; ++i) {
    fill(interpreter, 0, Floats(30, 1.0f));
    interpreter.invoke();
    EXPECT_EQ(elements_of<float>(interpreter.value(state)), Floats(30, 0.0f));
  }
}

TEST(Interpreter, a_wrong_index_is_told_with_the_ops_place) {
  GraphBuilder builder;
  const ValueId x = builder.input("x", {1, 3});
  const ValueId indices = builder.input("indices", {1}, DType::int32);
  const ValueId wide = pad_both_sides(builder, x);
  const ValueId y = builder.op(op_with<Gather>(&Gather::axis, 1), {wide, indices});
  Interpreter interpreter(Plan::make(builder.model({y}).graph, {}));
  fill(interpreter, 0, Floats{1, 2, 3});
  fill(interpreter, 1, std::vector<int32_t>{5});
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { interpreter.invoke(); }),
              HasSubstr("op 1 GATHER: index 5 at position 0 is outside the 5 entries"));
  fill(interpreter, 0, Floats{1, 2, 3});
  fill(interpreter, 1, std::vector<int32_t>{3});
  interpreter.invoke();
  EXPECT_EQ(read<float>(interpreter, 0), Floats{3});
}

}  // namespace
}  // namespace litesmith
