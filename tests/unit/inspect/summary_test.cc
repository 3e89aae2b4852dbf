#include "inspect/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/tflite/write.h"
#include "ops/conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/pool_2d.h"
#include "ops/quantize.h"
#include "ops/reshape.h"
#include "ops/softmax.h"
#include "ops/unary.h"
#include "testing/graph_builder.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using testing::GraphBuilder;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::op_with;

MaxPool2D pool(int32_t size) {
  MaxPool2D op;
  op.filter_height = op.filter_width = op.stride_h = op.stride_w = size;
  return op;
}

// The wake-word network; `second_filter` replaces the float weights of its second convolution.
Model wake_word() {
  GraphBuilder build;
  Conv2D conv;
  conv.padding = Padding::valid;
  conv.activation = Activation::relu;
  const ValueId x = build.input("mfcc", {kDynamic, 50, 13, 1});
  const ValueId a = build.op(conv, {x, build.ramp({32, 3, 3, 1}), build.ramp({32})});
  const ValueId b = build.op(pool(2), {a});
  const ValueId c = build.op(conv, {b, build.ramp({64, 3, 3, 32}), build.ramp({64})});
  const ValueId d = build.op(pool(2), {c});
  const ValueId e = build.op(Reshape(), {d, build.ints({-1, 704})});
  const ValueId f = build.op(FullyConnected(), {e, build.ramp({2, 704}), build.ramp({2})});
  const ValueId g = build.op(Softmax(), {f}, "probabilities");
  Model model = build.model({g});
  model.source = "wake_word.keras";
  return model;
}

TEST(Summary, counts_the_wake_word_network) {
  const Summary summary = summarize(wake_word());
  EXPECT_EQ(summary.parameters, 20'226);
  EXPECT_EQ(summary.macs, 1'369'984);
  EXPECT_EQ(summary.needed_macs, 923'008);
  EXPECT_EQ(summary.constant_bytes.at(DType::float32), 4u * 20'226);
  EXPECT_EQ(summary.constant_bytes.at(DType::int32), 8u);
  ASSERT_EQ(summary.ops.size(), 7u);
  EXPECT_EQ(summary.ops[2].name, "CONV_2D");
  EXPECT_EQ(summary.ops[2].parameters, 64 * 3 * 3 * 32 + 64);
  EXPECT_EQ(summary.ops[2].outputs[0].shape, (Shape{kDynamic, 22, 3, 64}));
  EXPECT_EQ(summary.ops[4].parameters, 0);  // a target shape is no parameter
}

TEST(Summary, names_the_input_columns_that_never_matter) {
  const Summary summary = summarize(wake_word());
  ASSERT_EQ(summary.unreached.size(), 1u);
  EXPECT_EQ(summary.unreached[0].input, "mfcc");
  EXPECT_EQ(summary.unreached[0].dimension, 2u);
  EXPECT_THAT(summary.unreached[0].indices, ElementsAre(10, 11, 12));
  EXPECT_THAT(to_text(summary),
              HasSubstr("3 of 13 indices along dimension 2 of input 'mfcc' never reach an output: "
                        "10 to 12\n923,008 of 1,369,984 multiply-accumulates"));
}

TEST(Summary, says_nothing_of_unused_input_where_there_is_none) {
  GraphBuilder build;
  const ValueId y = build.op(Relu(), {build.input("x", {1, 5})});
  const Summary summary = summarize(build.model({y}));
  EXPECT_TRUE(summary.unreached.empty());
  EXPECT_THAT(to_text(summary), Not(HasSubstr("never reach")));
}

TEST(Summary, data_that_constants_share_counts_once) {
  GraphBuilder build;
  const ValueId x = build.input("x", {1, 2});
  const ValueId w = build.floats({2, 2}, {1, 2, 3, 4});
  const ValueId y = build.op(FullyConnected(), {x, w, ValueId{}});
  const ValueId z = build.op(FullyConnected(), {y, w, ValueId{}});
  const Summary summary = summarize(build.model({z}));
  EXPECT_EQ(summary.parameters, 4);
  EXPECT_EQ(summary.constant_bytes.at(DType::float32), 16u);
  EXPECT_THAT(summary.constants.at(0).used_by, ElementsAre(0, 1));
}

// Puts int8 weights of the same shape where node `index` has float ones.
void give_int8_weights(Model& model, size_t index) {
  Graph& graph = model.graph;
  ValueId& operand = graph.nodes[index].inputs[1];
  Value value = graph[operand];
  value.dtype = DType::int8;
  value.quantization = {.scale = {0.5f}, .zero_point = {0}};
  value.data = Buffer::of(std::vector<int8_t>(static_cast<size_t>(element_count(value.shape))));
  operand = graph.add(std::move(value));
  compact(model);
}

std::string why(const Summary& summary, const Shape& shape) {
  for (const ConstantSummary& constant : summary.constants) {
    if (constant.tensor.shape == shape) return constant.why_float;
  }
  return "no such constant";
}

TEST(Summary, explains_what_dynamic_range_left_in_float) {
  Model model = wake_word();
  give_int8_weights(model, 2);
  const Summary summary = summarize(model);
  EXPECT_EQ(why(summary, {32, 3, 3, 1}),
            "288 elements, fewer than the 1,024 that dynamic range asks for");
  EXPECT_EQ(why(summary, {64}), "a bias, which dynamic range leaves in float");
  EXPECT_THAT(why(summary, {2, 704}), HasSubstr("could have int8 weights"));
  EXPECT_EQ(why(summary, {64, 3, 3, 32}), "");
  EXPECT_THAT(to_text(summary), HasSubstr("constants that stayed float\n"));
}

TEST(Summary, explains_a_float_op_in_an_integer_model) {
  GraphBuilder build;
  const ValueId x = build.input("x", {1, 4}, DType::int8);
  build.graph()[x].quantization = {.scale = {0.1f}, .zero_point = {3}};
  const ValueId y = build.op(Dequantize(), {x});
  const ValueId z = build.op(FullyConnected(), {y, build.ramp({2, 4}), ValueId{}});
  EXPECT_EQ(why(summarize(build.model({z})), {2, 4}), "FULLY_CONNECTED was left in float");
}

TEST(Summary, a_float_model_needs_no_explanation) {
  for (const ConstantSummary& constant : summarize(wake_word()).constants) {
    EXPECT_EQ(constant.why_float, "");
  }
}

TEST(Summary, a_file_tells_its_size_its_maker_and_the_oldest_runtime) {
  const auto bytes = to_tflite(wake_word());
  const Summary summary = summarize(tflite::read_file(SharedBytes{bytes}), "w.tflite");
  EXPECT_EQ(summary.file_bytes, bytes.size());
  EXPECT_THAT(summary.made_by, HasSubstr("litesmith 0."));
  EXPECT_EQ(summary.min_runtime_version, "1.5.0");
  EXPECT_THAT(to_text(summary), HasSubstr("runs on TensorFlow Lite from 1.5 and on TFLM\n"));
}

TEST(Summary, a_file_with_unknown_operators_is_listed_all_the_same) {
  tflite::File file = to_file(wake_word());
  file.operator_codes->at(0).custom_code = "Mine\x1b[2J";
  file.operator_codes->at(0).builtin_code = file.operator_codes->at(0).deprecated_builtin_code = 32;
  const Summary summary = summarize(file, "w.tflite");
  ASSERT_EQ(summary.ops.size(), 7u);
  EXPECT_EQ(summary.ops[1].name, "MAX_POOL_2D");
  EXPECT_EQ(summary.inputs.at(0).name, "mfcc");
  EXPECT_EQ(summary.inputs.at(0).shape[0], kDynamic);
  EXPECT_EQ(summary.constants.size(), 7u);
  ASSERT_EQ(summary.notes.size(), 1u);
  EXPECT_THAT(summary.verdict.text, HasSubstr("custom op 'Mine.[2J'"));
  const std::string text = to_text(summary);
  EXPECT_THAT(text, HasSubstr("Mine.[2J (custom)"));
  EXPECT_THAT(text, HasSubstr("note: costs and unused inputs are not known"));
}

TEST(Summary, counts_the_zeros_of_each_op_whatever_they_are_stored_as) {
  GraphBuilder build;
  const ValueId x = build.input("x", {1, 4});
  const ValueId w = build.floats({2, 4}, {0, 1, -0.0f, 2, 3, 4, 5, 0});
  Model model = build.model({build.op(FullyConnected(), {x, w, ValueId{}})});
  EXPECT_EQ(summarize(model).ops[0].zero_parameters, 3);
  Value& value = model.graph[w];
  value.dtype = DType::int8;
  value.quantization = {{0.5f}, {7}, 0};
  value.data = Buffer::of(std::vector<int8_t>{7, 0, 7, 1, 2, 3, 4, 5});
  EXPECT_EQ(summarize(model).ops[0].zero_parameters, 2);
  value.dtype = DType::int4;
  value.quantization = {{0.5f}, {0}, 0};
  value.data = Buffer::of(std::vector<uint8_t>{0x10, 0x00, 0xf0, 0x0f});
  EXPECT_EQ(summarize(model).ops[0].zero_parameters, 5);
  EXPECT_THAT(to_text(summarize(model)), HasSubstr("62.5%"));
}

TEST(Summary, tells_op_versions_and_needed_multiplications) {
  const Summary summary = summarize(wake_word());
  EXPECT_EQ(summary.ops[0].version, 1);
  EXPECT_THAT(to_text(summary), HasSubstr("needed"));
}

TEST(Summary, names_the_tensors_that_nothing_uses) {
  tflite::File file = to_file(wake_word());
  tflite::Tensor extra = file.subgraphs->at(0).tensors->at(0);
  extra.name = "left\nover";
  extra.buffer = 0;
  file.subgraphs->at(0).tensors->push_back(extra);
  const Summary summary = summarize(file, "w.tflite");
  ASSERT_EQ(summary.unused.size(), 1u);
  EXPECT_THAT(to_text(summary), HasSubstr("1 tensor that nothing uses (0 bytes of the file): "));
  EXPECT_THAT(to_text(summary), HasSubstr("'left.over'"));
}

TEST(Summary, weights_are_described_when_asked_for) {
  EXPECT_FALSE(summarize(wake_word()).constants[0].statistics.has_value());
  const Summary summary = summarize(wake_word(), {.weights = true});
  EXPECT_TRUE(summary.constants[0].statistics.has_value());
  EXPECT_THAT(to_text(summary), HasSubstr("histogram"));
}

}  // namespace
}  // namespace litesmith
