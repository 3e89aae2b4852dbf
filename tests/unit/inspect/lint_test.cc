#include "inspect/lint/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "inspect/lint/checks.h"
#include "ops/ops.h"
#include "testing/listing_maker.h"
#include "testing/test_data.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Maker = ::litesmith::testing::ListingMaker;

lint_checks::Findings kernels(const Listing& listing, std::string_view target) {
  lint_checks::Findings findings;
  lint_checks::kernels(listing, lint_target_named(target), findings);
  return findings;
}

lint_checks::Findings numbers(const Listing& listing, std::string_view target = "litert") {
  lint_checks::Findings findings;
  lint_checks::numbers(listing, lint_target_named(target), findings);
  return findings;
}

auto rule_is(std::string_view rule) { return Field(&Finding::rule, rule); }

// One op that reads `data` (and weights, where given) and makes `result`.
Listing one_op(const std::string& name, DType data, std::optional<DType> weights, DType result,
               int32_t version = 1) {
  Maker make;
  const int32_t in = make.activation(data);
  std::vector<int32_t> inputs = {in};
  if (weights) {
    inputs.push_back(make.weights(*weights, 8));
    inputs.push_back(make.weights(DType::int32, 8, {8}));
  }
  const int32_t out = make.activation(result);
  make.op(name, inputs, {out}, version);
  return make.done({in}, {out});
}

TEST(LintTarget, is_one_of_five_kinds) {
  for (const char* name : {"litert", "tflite-2.3", "tflm", "esphome", "ethos-u"}) {
    EXPECT_EQ(lint_target_named(name).name(), name);
  }
  for (const char* name : {"", "tflite", "tflite-1.14", "tflite-2.x", "tflite-2.03", "TFLM"}) {
    EXPECT_THAT(thrown_message(ErrorCode::usage, [&] { lint_target_named(name); }),
                HasSubstr("tflite-2.N"))
        << name;
  }
}

TEST(LintKernels, an_op_with_its_types_passes) {
  const Listing conv = one_op("CONV_2D", DType::int8, DType::int8, DType::int8, 3);
  for (const char* target : {"litert", "tflite-2.3", "tflm", "esphome", "ethos-u"}) {
    EXPECT_THAT(kernels(conv, target), IsEmpty()) << target;
  }
}

TEST(LintKernels, a_missing_op_is_named_with_its_place) {
  const auto found = kernels(one_op("GELU", DType::float32, {}, DType::float32), "tflm");
  ASSERT_THAT(found, ElementsAre(rule_is("missing-op")));
  EXPECT_EQ(found[0].op, 0u);
  EXPECT_EQ(found[0].op_name, "GELU");
  EXPECT_EQ(found[0].problem, "TFLite Micro has no kernel for GELU");
  EXPECT_THAT(found[0].advice, HasSubstr("rebuild the model without it"));
}

TEST(LintKernels, all_findings_come_at_once) {
  Maker make;
  const int32_t in = make.activation(DType::float32);
  const int32_t a = make.activation(DType::float32);
  const int32_t b = make.activation(DType::float32);
  make.op("GELU", {in}, {a});
  make.op("TILE", {a, make.weights(DType::int32)}, {b});
  const int32_t out = make.dense(b, make.weights(DType::int8, 8), DType::float32);
  EXPECT_THAT(kernels(make.done({in}, {out}), "tflm"),
              ElementsAre(rule_is("missing-op"), rule_is("missing-op"), rule_is("type")));
}

TEST(LintKernels, hybrid_layers_have_no_kernel_on_tflm_and_the_way_out_is_told) {
  const Listing listing = one_op("CONV_2D", DType::float32, DType::int8, DType::float32);
  EXPECT_THAT(kernels(listing, "litert"), IsEmpty());
  const auto found = kernels(listing, "tflm");
  ASSERT_THAT(found, ElementsAre(rule_is("type")));
  EXPECT_THAT(found[0].problem, HasSubstr("no CONV_2D for float32 with int8 weights; it has"));
  EXPECT_THAT(found[0].advice, HasSubstr("--mode int8 --calibrate"));
  EXPECT_EQ(found[0].source, "conv_common.cc");
}

TEST(LintKernels, a_release_runs_the_versions_of_its_time) {
  // Version 5 of CONV_2D came with 2.4.
  const Listing conv = one_op("CONV_2D", DType::int8, DType::int8, DType::int8, 5);
  EXPECT_THAT(kernels(conv, "tflite-2.4"), IsEmpty());
  EXPECT_THAT(kernels(conv, "tflite-2.10"), IsEmpty());
  const auto found = kernels(conv, "tflite-2.3");
  ASSERT_THAT(found, ElementsAre(rule_is("version")));
  EXPECT_EQ(found[0].problem, "version 5 of CONV_2D came with TensorFlow 2.4, later than 2.3");
}

TEST(LintKernels, a_version_nobody_has_is_told) {
  const Listing conv = one_op("CONV_2D", DType::int8, DType::int8, DType::int8, 99);
  EXPECT_THAT(
      kernels(conv, "litert"),
      ElementsAre(AllOf(rule_is("version"), Field(&Finding::problem, HasSubstr("to 8, not 99")))));
  // TFLite Micro does not look at versions.
  EXPECT_THAT(kernels(conv, "tflm"), IsEmpty());
}

TEST(LintKernels, operands_that_must_be_constants) {
  Maker make;
  const int32_t in = make.activation(DType::int8, 0.1f);
  const int32_t sizes = make.activation(DType::int32);
  const int32_t out = make.activation(DType::int8, 0.1f);
  make.op("PAD", {in, sizes}, {out});
  const Listing listing = make.done({in, sizes}, {out});
  EXPECT_THAT(kernels(listing, "litert"), IsEmpty());
  const auto found = kernels(listing, "tflm");
  ASSERT_THAT(found, ElementsAre(rule_is("constant-operand")));
  EXPECT_EQ(found[0].tensor, static_cast<size_t>(sizes));
}

TEST(LintKernels, litert_wants_the_bias_of_a_convolution) {
  Maker make;
  const int32_t in = make.activation(DType::float32);
  const int32_t out = make.activation(DType::float32);
  make.op("CONV_2D", {in, make.weights(DType::float32), ListedOp::kAbsent}, {out});
  const Listing listing = make.done({in}, {out});
  EXPECT_THAT(kernels(listing, "litert"), ElementsAre(rule_is("missing-operand")));
  EXPECT_THAT(kernels(listing, "tflm"), IsEmpty());
}

TEST(LintKernels, an_lstm_with_peepholes_is_not_for_tflm) {
  Maker make;
  const int32_t in = make.activation(DType::float32);
  std::vector<int32_t> inputs = {in};
  for (int i = 1; i < 24; ++i) {
    inputs.push_back(i < 9 ? make.weights(DType::float32) : ListedOp::kAbsent);
  }
  const int32_t out = make.activation(DType::float32);
  make.op("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, {out});
  EXPECT_THAT(kernels(make.done({in}, {out}), "tflm"), IsEmpty());

  inputs[10] = make.weights(DType::float32);
  make.op("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, {out});
  EXPECT_THAT(kernels(make.done({in}, {out}), "tflm"),
              ElementsAre(AllOf(rule_is("extra-operand"), Field(&Finding::op, 1u))));
}

TEST(LintKernels, the_npu_leaves_float_to_the_processor_and_says_where_it_comes_from) {
  const auto found = kernels(one_op("RESHAPE", DType::float32, {}, DType::float32), "ethos-u");
  ASSERT_THAT(found, ElementsAre(rule_is("cpu-fallback")));
  EXPECT_EQ(found[0].severity, Severity::warning);
  EXPECT_THAT(found[0].advice, HasSubstr("quantize what makes 'a'"));
}

TEST(LintKernels, what_neither_npu_nor_processor_has_is_an_error) {
  const auto found = kernels(one_op("GELU", DType::int8, {}, DType::int8), "ethos-u");
  EXPECT_THAT(found, ::testing::Contains(
                         AllOf(rule_is("missing-op"), Field(&Finding::severity, Severity::error))));
}

TEST(LintKernels, esphome_registers_few) {
  EXPECT_THAT(kernels(one_op("SOFTMAX", DType::int8, {}, DType::int8), "tflm"), IsEmpty());
  EXPECT_THAT(
      kernels(one_op("SOFTMAX", DType::int8, {}, DType::int8), "esphome"),
      ElementsAre(Field(&Finding::problem, "ESPHome's micro_wake_word does not register SOFTMAX")));
  // Registered, but the kernel is TFLite Micro's.
  EXPECT_THAT(kernels(one_op("ADD", DType::uint8, DType::uint8, DType::uint8), "esphome"),
              ElementsAre(rule_is("type")));
}

TEST(LintNumbers, float_islands_and_conversions_at_the_ends) {
  Maker make;
  const int32_t in = make.activation(DType::float32);
  const int32_t x = make.activation(DType::int8, 0.1f);
  make.op("QUANTIZE", {in}, {x});
  const int32_t y = make.dense(x, make.weights(DType::int8, 8), DType::int8, 0.1f);
  const int32_t real = make.activation(DType::float32);
  make.op("DEQUANTIZE", {y}, {real});
  const int32_t out = make.activation(DType::float32);
  make.op("SOFTMAX", {real}, {out});
  const auto found = numbers(make.done({in}, {out}));
  ASSERT_THAT(found, ElementsAre(rule_is("float-island"), rule_is("boundary-conversion")));
  EXPECT_EQ(found[0].op, 3u);
  EXPECT_THAT(found[0].advice, HasSubstr("it has an int8 form"));
  EXPECT_EQ(found[1].op, 0u);
  EXPECT_THAT(found[1].advice, HasSubstr("--input-type int8"));
}

TEST(LintNumbers, a_float_file_has_no_islands) {
  EXPECT_THAT(numbers(one_op("CONV_2D", DType::float32, DType::float32, DType::float32)),
              IsEmpty());
}

TEST(LintNumbers, rescaling_at_the_end_is_no_conversion_to_float) {
  Maker make;
  const int32_t in = make.activation(DType::int8, 0.1f);
  const int32_t out = make.activation(DType::uint8, 0.1f);
  make.op("QUANTIZE", {in}, {out});
  EXPECT_THAT(numbers(make.done({in}, {out})), IsEmpty());
}

TEST(LintNumbers, integers_without_scales) {
  Maker make;
  const int32_t in = make.activation(DType::int8, 0.1f);
  const int32_t out = make.dense(in, make.weights(DType::int8, 0), DType::int8, 0.1f);
  const auto found = numbers(make.done({in}, {out}), "tflm");
  ASSERT_THAT(found, ElementsAre(rule_is("missing-quantization")));
  EXPECT_EQ(found[0].tensor_name, "w");
}

// op(x, w), the weights with three scales.
lint_checks::Findings with_channel_scales(const std::string& op, DType input, size_t operands,
                                          std::string_view target) {
  Maker make;
  const int32_t weights = make.weights(DType::int8, 3);
  const int32_t in = make.activation(input, 0.1f);
  const int32_t out = make.activation(operands == 1 ? DType::float32 : input, 0.1f);
  make.op(op, operands == 1 ? std::vector{weights} : std::vector{in, weights}, {out});
  return numbers(make.done({in}, {out}), target);
}

TEST(LintNumbers, scales_of_channels_where_the_kernel_reads_one) {
  const auto found = with_channel_scales("DEQUANTIZE", DType::int8, 1, "tflm");
  ASSERT_THAT(found, ElementsAre(rule_is("channel-scales")));
  EXPECT_EQ(found[0].severity, Severity::warning);
  EXPECT_EQ(found[0].tensor_name, "w");
  EXPECT_THAT(with_channel_scales("DEQUANTIZE", DType::int8, 1, "litert"), IsEmpty());
}

TEST(LintNumbers, scales_of_channels_beside_a_type) {
  EXPECT_THAT(with_channel_scales("BATCH_MATMUL", DType::int16, 2, "litert"),
              ElementsAre(rule_is("channel-scales")));
  EXPECT_THAT(with_channel_scales("BATCH_MATMUL", DType::int8, 2, "litert"), IsEmpty());
  EXPECT_THAT(with_channel_scales("BATCH_MATMUL", DType::int8, 2, "tflm"),
              ElementsAre(rule_is("channel-scales")));
}

TEST(LintEsphome, asks_for_its_input_and_output) {
  const auto check = [](DType in_type, Shape in_shape, DType out_type) {
    ListedGraph graph;
    graph.tensors = {{.name = "in", .dtype = in_type, .shape = std::move(in_shape)},
                     {.name = "out", .dtype = out_type, .shape = {1, 1}}};
    graph.inputs = {0};
    graph.outputs = {1};
    lint_checks::Findings findings;
    lint_checks::esphome({graph}, findings);
    return findings;
  };
  EXPECT_THAT(check(DType::int8, {1, 3, 40}, DType::uint8), IsEmpty());
  EXPECT_THAT(check(DType::int8, {1, 40}, DType::uint8), ElementsAre(rule_is("interface")));
  EXPECT_THAT(check(DType::float32, {1, 1, 40}, DType::int8), SizeIs(2));
}

int32_t code_named(std::string_view name) {
  for (int32_t code = 0; code < 300; ++code) {
    if (builtin_name(code) == name) return code;
  }
  return -1;
}

// A file with one tensor.
tflite::File file_with(tflite::Tensor tensor) {
  tflite::SubGraph graph;
  graph.tensors = {std::move(tensor)};
  tflite::File file;
  file.subgraphs = {std::move(graph)};
  return file;
}

std::vector<Finding> soundness(const tflite::File& file, std::string_view target = "litert") {
  return lint(file, lint_target_named(target)).findings;
}

TEST(LintSoundness, scales_along_a_dimension_that_is_not_there) {
  tflite::Tensor tensor;
  tensor.shape = {{4}};
  tensor.quantization.emplace();
  tensor.quantization->scale = {{1, 1, 1, 1}};
  tensor.quantization->zero_point = {{0, 0, 0, 0}};
  EXPECT_THAT(soundness(file_with(tensor)), IsEmpty());
  tensor.quantization->quantized_dimension = 3;
  EXPECT_THAT(soundness(file_with(tensor)),
              ElementsAre(Field(&Finding::problem, HasSubstr("scales along dimension 3 of 1"))));
  // TFLite Micro never looks: its own person_detect.tflite is such a file, and runs.
  EXPECT_THAT(soundness(file_with(tensor), "tflm"), IsEmpty());
}

TEST(LintSoundness, tensors_too_large_to_exist) {
  tflite::Tensor tensor;
  tensor.shape = {{1 << 30, 1 << 30, 16}};
  EXPECT_THAT(soundness(file_with(tensor)), ElementsAre(rule_is("malformed")));
}

TEST(LintSoundness, strings_have_no_place_on_microcontrollers) {
  tflite::Tensor tensor;
  tensor.type = static_cast<int8_t>(DType::string);
  EXPECT_THAT(soundness(file_with(tensor)), IsEmpty());
  EXPECT_THAT(soundness(file_with(tensor), "tflm"), ElementsAre(rule_is("type")));
}

TEST(LintSoundness, no_subgraph) {
  EXPECT_THAT(soundness({}, "tflm"), ElementsAre(rule_is("malformed")));
}

TEST(LintText, says_once_what_is_wrong_in_several_places) {
  LintReport report{.target = lint_target_named("tflm")};
  EXPECT_EQ(to_text(report, "m.tflite"), "m.tflite on tflm: nothing found\n");
  report.findings = kernels(one_op("GELU", DType::float32, {}, DType::float32), "tflm");
  report.findings.push_back(report.findings[0]);
  report.findings[1].op = 4;
  EXPECT_EQ(to_text(report, "m.tflite"),
            "m.tflite on tflm: 2 errors\n\n"
            "error [missing-op] TFLite Micro has no kernel for GELU\n"
            "  what to do: rebuild the model without it, or give the runtime a kernel of your own\n"
            "  at op 0 GELU\n  at op 4 GELU\n");
}

// TFLite Micro's own network, which an earlier check refused by mistake.
TEST(Lint, person_detect_runs_on_tflm) {
  const auto path = test_data() /
                    "models/tensorflow+tflite-micro/tensorflow/lite/micro/models/"
                    "person_detect.tflite";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no data at " << path;
  const tflite::File file = tflite::read_file(path);
  EXPECT_EQ(lint(file, lint_target_named("tflm")).count(Severity::error), 0u);
  EXPECT_GT(lint(file, lint_target_named("litert")).count(Severity::error), 0u);
}

TEST(Targets, rows_are_of_operators_that_exist) {
  for (const OpDef* def : all_ops()) {
    EXPECT_NE(find_row(Target::litert, def->name), nullptr) << def->name;
  }
  for (const TargetRow& row : target_rows()) {
    const bool is_builtin = row.op.find_first_of("abcdefghijklmnopqrstuvwxyz") == row.op.npos;
    if (is_builtin && row.op != "TFLM_DECODE" && row.op != "CIRCULAR_BUFFER") {
      EXPECT_NE(code_named(row.op), -1) << row.op;
    }
  }
}

}  // namespace
}  // namespace litesmith
