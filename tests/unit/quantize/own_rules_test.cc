// LSTM and SVDF in int8: the rules that TensorFlow's files cannot show (those are held to them in
// tests/interop/test_recurrent_quantizer.py), and what calibration sees of states.
#include "quantize/own_rules.h"

#include <gmock/gmock.h>

#include "ops/lstm_operands.h"
#include "ops/svdf.h"
#include "ops/unidirectional_sequence_lstm.h"
#include "quantize/calibrate.h"
#include "quantize/network.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using testing::CalibratedBuilder;
using testing::converted;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::op_with;

constexpr Range kUnit = {-1, 1};

// A step of two features and two cells, its state within `cells`.
Model lstm(Range cells, Activation activation = Activation::tanh) {
  CalibratedBuilder net;
  std::vector<ValueId> inputs(24);
  inputs[lstm::kInput] = net.ranged(net.input("x", {1, 3, 2}), -1, 1);
  for (size_t gate = 0; gate < 4; ++gate) {
    inputs[lstm::kInputWeights + gate] = net.ramp({2, 2});
    inputs[lstm::kRecurrentWeights + gate] = net.ramp({2, 2});
    inputs[lstm::kBias + gate] = net.ramp({2});
  }
  inputs[lstm::kOutputState] = net.graph().add(
      {.name = "h", .shape = {1, 2}, .range = Range{-0.5f, 0.25f}, .is_variable = true});
  inputs[lstm::kCellState] =
      net.graph().add({.name = "c", .shape = {1, 2}, .range = cells, .is_variable = true});
  const ValueId y = net.ranged(net.op(op_with<UnidirectionalSequenceLstm>(
                                          &UnidirectionalSequenceLstm::activation, activation),
                                      inputs, "y"),
                               -0.25f, 0.75f);
  Model model = net.model({y});
  add_intermediates(model.graph, ruled_nodes(model.graph));
  for (const ValueId id : model.graph.nodes[0].intermediates) model.graph[id].range = kUnit;
  return model;
}

const Node& layer(const Graph& graph) { return graph.nodes.at(1); }  // behind the QUANTIZE

const Quantization& of_operand(const Graph& graph, size_t operand) {
  return graph[layer(graph).inputs.at(operand)].quantization;
}

TEST(OwnRules, output_and_state_share_the_range_of_both) {
  const auto made = converted(lstm(kUnit), Mode::int8);
  const Graph& graph = made.graph();
  EXPECT_EQ(of_operand(graph, lstm::kOutputState), graph[layer(graph).outputs[0]].quantization);
  EXPECT_THAT(of_operand(graph, lstm::kOutputState).scale, ElementsAre(1.25f / 255));
}

TEST(OwnRules, hidden_values_have_the_outputs_parameters_where_nothing_projects_them) {
  const auto made = converted(lstm(kUnit), Mode::int8);
  const Graph& graph = made.graph();
  ASSERT_EQ(layer(graph).intermediates.size(), lstm::kIntermediates);
  EXPECT_EQ(graph[layer(graph).intermediates[lstm::kHidden]].quantization,
            graph[layer(graph).outputs[0]].quantization);
}

TEST(OwnRules, cells_have_a_step_that_the_kernel_takes) {
  const auto step = [](Range cells) {
    return of_operand(converted(lstm(cells), Mode::int8).graph(), lstm::kCellState).scale.at(0);
  };
  EXPECT_EQ(step({0, 0}), 0x1p-15f);
  EXPECT_EQ(step({-0.1f, 0.3f}), 0x1p-15f);
  EXPECT_EQ(step({-1, 0.5f}), 0x1p-15f);
  EXPECT_EQ(step({-1.01f, 0.5f}), 0x1p-14f);
  EXPECT_EQ(step({0, 1000}), 0x1p-9f);
}

TEST(OwnRules, a_layer_without_an_integer_kernel_stays_float_and_says_why) {
  const auto made = converted(lstm(kUnit, Activation::relu), Mode::int8);
  EXPECT_EQ(made.ops(), "UNIDIRECTIONAL_SEQUENCE_LSTM");
  ASSERT_EQ(made.notes.kept_float.size(), 1u);
  EXPECT_THAT(made.notes.kept_float[0], HasSubstr("the activation TANH only"));
  EXPECT_TRUE(made.graph().nodes[0].intermediates.empty());
}

TEST(OwnRules, sixteen_bits_leave_the_layer_in_float) {
  const auto made = converted(lstm(kUnit), Mode::int16x8);
  EXPECT_EQ(made.ops(), "UNIDIRECTIONAL_SEQUENCE_LSTM");
  EXPECT_THAT(made.notes.kept_float.at(0), HasSubstr("LiteRT has no int16 version"));
  EXPECT_THAT(made.notes.kept_float.at(0), HasSubstr("TFLite Micro has (--target tflm)"));
}

TEST(OwnRules, for_tflite_micro_sixteen_bits_are_integers) {
  const ConvertOptions options{.mode = Mode::int16x8, .target = ConvertTarget::tflm};
  const auto made = converted(lstm({-1, 0.5f}), options);
  const Graph& graph = made.graph();
  EXPECT_THAT(made.notes.kept_float, IsEmpty());
  EXPECT_EQ(layer(graph).source_version, 5);
  EXPECT_TRUE(layer(graph).intermediates.empty());
  const auto type = [&](size_t operand) { return graph[layer(graph).inputs.at(operand)].dtype; };
  EXPECT_EQ(type(lstm::kInput), DType::int16);
  EXPECT_EQ(type(lstm::kInputWeights), DType::int8);
  EXPECT_EQ(type(lstm::kBias), DType::int64);
  EXPECT_EQ(type(lstm::kOutputState), DType::int16);
  EXPECT_EQ(of_operand(graph, lstm::kOutputState), graph[layer(graph).outputs[0]].quantization);
  EXPECT_THAT(of_operand(graph, lstm::kOutputState).scale, ElementsAre(0.75f / 32767));
  EXPECT_THAT(of_operand(graph, lstm::kCellState).scale, ElementsAre(0x1p-15f));
  // The matrices are those of an int8 file.
  const auto narrow = converted(lstm({-1, 0.5f}), Mode::int8);
  for (size_t i = lstm::kInputWeights; i < lstm::kCellWeights; ++i) {
    const Value& expected = narrow.graph()[layer(narrow.graph()).inputs.at(i)];
    EXPECT_THAT(graph[layer(graph).inputs.at(i)].elements<int8_t>(),
                ElementsAreArray(expected.elements<int8_t>()))
        << i;
    EXPECT_EQ(of_operand(narrow.graph(), i), of_operand(graph, i)) << i;
  }
}

TEST(OwnRules, tflite_micro_has_the_plain_layer_with_tanh_alone) {
  const ConvertOptions options{.mode = Mode::int16x8, .target = ConvertTarget::tflm};
  EXPECT_THAT(converted(lstm(kUnit, Activation::relu), options).notes.kept_float.at(0),
              HasSubstr("TFLite Micro's int16 kernel has the activation TANH only"));
  Model coupled = lstm(kUnit);
  for (const size_t gate : {lstm::kInputWeights, lstm::kRecurrentWeights, lstm::kBias}) {
    coupled.graph.nodes[0].inputs[gate] = {};
  }
  EXPECT_THAT(converted(coupled, options).notes.kept_float.at(0), HasSubstr("coupled gates"));
}

TEST(OwnRules, small_weights_stay_float_together_in_dynamic_range) {
  const auto made = converted(lstm(kUnit), Mode::dynamic_range);
  EXPECT_THAT(made.notes.kept_float.at(0), HasSubstr("must be int8 together"));
  for (const Value& value : made.graph().values) EXPECT_NE(value.dtype, DType::int8);
}

TEST(OwnRules, a_range_that_is_missing_is_named) {
  Model model = lstm(kUnit);
  model.graph[model.graph.nodes[0].inputs[lstm::kCellState]].range.reset();
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { converted(model, Mode::int8); }),
              HasSubstr("'c' has no range"));
}

// y = relu(x), kept for two steps: the state is what calibration has seen before.
Model filter() {
  CalibratedBuilder net;
  const ValueId x = net.input("x", {1, 1});
  const ValueId state = net.graph().add({.name = "state", .shape = {1, 2}, .is_variable = true});
  Svdf op;
  op.rank = 1;
  op.activation = Activation::relu;
  return net.model(
      {net.op(op, {x, net.floats({1, 1}, {1}), net.floats({1, 2}, {1, 1}), {}, state}, "y")});
}

const Range& range_of(const Model& model, const std::string& name) {
  for (const Value& value : model.graph.values) {
    if (value.name == name) return value.range.value();
  }
  throw Error(ErrorCode::internal, "no value '" + name + "'");
}

TEST(OwnRules, calibration_begins_each_sample_with_a_clear_state) {
  const auto fill = [](size_t sample, std::span<const std::span<float>> inputs) {
    inputs[0][0] = static_cast<float>(sample + 1);
  };
  for (const unsigned threads : {1u, 3u}) {
    const Model apart = calibrate(filter(), 40, fill, {.threads = threads});
    EXPECT_EQ(range_of(apart, "y"), (Range{1, 40}));
    EXPECT_EQ(range_of(apart, "state"), (Range{0, 40}));
    const Model sequence = calibrate(filter(), 40, fill, {.threads = threads, .stateful = true});
    EXPECT_EQ(range_of(sequence, "y"), (Range{1, 79}));
  }
}

}  // namespace
}  // namespace litesmith
