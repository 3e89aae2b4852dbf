// The bindings of element-wise and row-wise ops: which formula an arithmetic takes, what is refused
// and how, and that running allocates nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.h"
#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "ops/quantize.h"
#include "ops/reduce.h"
#include "ops/shape_and_cast.h"
#include "ops/softmax.h"
#include "ops/unary.h"
#include "runtime/interpreter.h"
#include "testing/allocation_counter.h"
#include "testing/graph_builder.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using testing::GraphBuilder;
using ::testing::HasSubstr;
using testing::op_with;

constexpr Arithmetic kAll[] = {Arithmetic::reference, Arithmetic::builtin, Arithmetic::litert};

Quantization quantization(float scale, int64_t zero_point) { return {{scale}, {zero_point}}; }

// A graph of one op on inputs of one type and scale, except the output's.
template <class Op>
Graph one_op(const Op& op, DType dtype, const std::vector<Shape>& shapes,
             const Quantization& in = {}, const Quantization& out = {}) {
  GraphBuilder builder;
  std::vector<ValueId> inputs;
  for (const Shape& shape : shapes) {
    inputs.push_back(builder.input("in" + std::to_string(inputs.size()), shape, dtype));
    builder.graph()[inputs.back()].quantization = in;
  }
  const ValueId output = builder.op(op, inputs);
  builder.graph()[output].quantization = out;
  return builder.model({output}).graph;
}

template <class T>
std::vector<T> run(const Graph& graph, Arithmetic arithmetic,
                   const std::vector<std::vector<T>>& inputs) {
  Interpreter interpreter(Plan::make(graph, {.arithmetic = arithmetic}));
  for (size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_EQ(interpreter.input(i).size(), inputs[i].size() * sizeof(T));
    std::memcpy(interpreter.input(i).data(), inputs[i].data(), interpreter.input(i).size());
  }
  interpreter.invoke();
  std::vector<T> result(interpreter.output(0).size() / sizeof(T));
  std::memcpy(result.data(), interpreter.output(0).data(), interpreter.output(0).size());
  return result;
}

std::string refusal(const Graph& graph, Arithmetic arithmetic = Arithmetic::litert) {
  return thrown_message(ErrorCode::unsupported,
                        [&] { Plan::make(graph, {.arithmetic = arithmetic}); });
}

// The real product is 31710.4896; rounded to float, the ratio of the scales is 1e-7 too large.
TEST(ElementBindings, tflite_micro_computes_the_multiplier_of_a_product_in_double) {
  const Graph graph = one_op(Mul(), DType::int16, {{1}, {1}}, quantization(0.06642679f, 0),
                             quantization(0.5446659f, 0));
  const std::vector<std::vector<int16_t>> inputs = {{1013}, {3864}};
  EXPECT_THAT(run(graph, Arithmetic::reference, inputs), ElementsAre(31711));
  EXPECT_THAT(run(graph, Arithmetic::tflm, inputs), ElementsAre(31710));
}

TEST(Arithmetic, has_a_name_that_reads_back) {
  for (const char* name : {"reference", "builtin", "litert", "tflm"}) {
    const auto arithmetic = parse_arithmetic(name);
    ASSERT_TRUE(arithmetic.has_value()) << name;
    EXPECT_EQ(to_string(*arithmetic), name);
  }
  EXPECT_FALSE(parse_arithmetic("tflite").has_value());
}

TEST(ElementBindings, the_product_of_int8_rounds_halves_as_the_arithmetic_does) {
  const Graph graph =
      one_op(Mul(), DType::int8, {{3}, {1}}, quantization(0.5f, 0), quantization(1.0f, 0));
  const std::vector<std::vector<int8_t>> inputs = {{2, 6, -6}, {1}};
  EXPECT_THAT(run(graph, Arithmetic::reference, inputs), ElementsAre(1, 2, -2));
  EXPECT_THAT(run(graph, Arithmetic::builtin, inputs), ElementsAre(1, 2, -2));
  EXPECT_THAT(run(graph, Arithmetic::litert, inputs), ElementsAre(0, 2, -2));
}

TEST(ElementBindings, int16_is_the_same_in_builtin_and_litert) {
  // XNNPACK leaves int16 alone.
  const Graph graph =
      one_op(Mul(), DType::int16, {{4}, {4}}, quantization(0.5f, 0), quantization(1.0f, 0));
  const std::vector<std::vector<int16_t>> inputs = {{2, 6, -6, 1000}, {1, 1, 1, -3}};
  EXPECT_EQ(run(graph, Arithmetic::builtin, inputs), run(graph, Arithmetic::litert, inputs));
}

TEST(ElementBindings, fused_activations_bound_sums) {
  const Graph graph = one_op(op_with<Add>(&Add::activation, Activation::relu6), DType::int8,
                             {{3}, {3}}, quantization(0.1f, -10), quantization(0.1f, 0));
  for (const Arithmetic arithmetic : kAll) {
    EXPECT_THAT((run<int8_t>(graph, arithmetic, {{-50, 40, 127}, {-10, 0, 127}})),
                ElementsAre(0, 60, 60));
  }
}

TEST(ElementBindings, operands_broadcast_over_five_dimensions) {
  const Graph graph = one_op(Add(), DType::float32, {{2, 1, 2, 1, 2}, {1, 3, 1, 2, 1}});
  const std::vector<float> a = {0, 1, 2, 3, 4, 5, 6, 7};
  const std::vector<float> b = {0, 10, 20, 30, 40, 50};
  for (const Arithmetic arithmetic : kAll) {
    const auto sums = run<float>(graph, arithmetic, {a, b});
    ASSERT_EQ(sums.size(), 48u);
    for (size_t i = 0; i < 48; ++i) {
      const size_t at_a = i / 24 * 4 + i / 4 % 2 * 2 + i % 2;
      const size_t at_b = i / 8 % 3 * 2 + i / 2 % 2;
      EXPECT_EQ(sums[i], a[at_a] + b[at_b]) << i;
    }
  }
}

TEST(ElementBindings, a_boolean_of_any_byte_but_zero_is_true) {
  for (const DType made : {DType::uint8, DType::boolean}) {
    GraphBuilder builder;
    const ValueId truths = builder.input("truths", {4}, DType::boolean);
    Cast op;
    op.in_data_type = DType::boolean;
    op.out_data_type = made;
    const Graph graph = builder.model({builder.op(op, {truths})}).graph;
    for (const Arithmetic arithmetic : kAll) {
      EXPECT_THAT(run<uint8_t>(graph, arithmetic, {{0, 1, 2, 255}}), ElementsAre(0, 1, 1, 1));
    }
  }
}

TEST(ElementBindings, types_without_a_kernel_are_named) {
  EXPECT_THAT(refusal(one_op(Div(), DType::int8, {{2}, {2}})), HasSubstr("quantization"));
  EXPECT_THAT(refusal(one_op(Exp(), DType::int64, {{2}})), HasSubstr("EXP(int64 -> int64)"));
  EXPECT_THAT(refusal(one_op(Softmax(), DType::int32, {{2}})), HasSubstr("SOFTMAX"));
}

TEST(ElementBindings, scales_that_LiteRT_aborts_on_are_refused) {
  EXPECT_THAT(refusal(one_op(Add(), DType::int8, {{2}, {2}}, quantization(1.0f, 0),
                             quantization(1e-7f, 0))),
              HasSubstr("scales too far apart"));
}

TEST(ElementBindings, elu_runs_in_the_reference_arithmetic_which_LiteRT_lacks) {
  const Graph graph =
      one_op(Elu(), DType::int8, {{2}}, quantization(0.1f, 0), quantization(0.1f, 0));
  for (const Arithmetic arithmetic : kAll) {
    EXPECT_THAT((run<int8_t>(graph, arithmetic, {{-10, 10}})), ElementsAre(-6, 10));
  }
}

TEST(ElementBindings, running_allocates_nothing) {
  auto expect_none = [](const Graph& graph) {
    for (const Arithmetic arithmetic : kAll) {
      Interpreter interpreter(Plan::make(graph, {.arithmetic = arithmetic}));
      EXPECT_EQ(testing::allocations_of([&] { interpreter.invoke(); }), 0)
          << graph.nodes[0].def().name << " " << to_string(arithmetic);
    }
  };
  const Quantization in = quantization(0.1f, 3);
  const Quantization out = quantization(0.2f, -4);
  const Quantization probabilities = quantization(1.0f / 256, -128);
  expect_none(one_op(Add(), DType::int8, {{2, 1, 17, 3}, {5, 1, 3}}, in, out));
  expect_none(one_op(Mul(), DType::float32, {{2, 1, 17, 3}, {5, 1, 3}}));
  expect_none(one_op(Logistic(), DType::int8, {{300}}, in, probabilities));
  expect_none(one_op(Gelu(), DType::float32, {{300}}));
  expect_none(one_op(Softmax(), DType::int8, {{4, 30}}, in, probabilities));
  expect_none(one_op(Softmax(), DType::float32, {{4, 30}}));
  for (const DType dtype : {DType::int8, DType::float32}) {
    GraphBuilder builder;
    const ValueId input = builder.input("in", {1, 7, 7, 33}, dtype);
    const ValueId axes = builder.ints({1, 2});
    const ValueId mean = builder.op(op_with<Mean>(&Mean::keep_dims, true), {input, axes});
    if (dtype == DType::int8) {
      builder.graph()[input].quantization = in;
      builder.graph()[mean].quantization = out;
    }
    expect_none(builder.model({mean}).graph);
  }
}

}  // namespace
}  // namespace litesmith
