// The public face, used as a program outside of the house uses it: through include/litesmith alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "litesmith/litesmith.h"
#include "testing/temporary_folder.h"
#include "testing/text.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::filesystem::path kExample =
    std::filesystem::path(LITESMITH_SOURCE_DIR) / "examples" / "wake_word";

api::Model example() { return api::load(kExample / "wake_word.keras"); }
api::Samples calibration() { return kExample / "calibration_features.npy"; }
api::Samples test_data() { return kExample / "test_features.npy"; }
api::Samples test_labels() { return kExample / "test_labels.npy"; }

api::Model int8_example() {
  return api::quantize(example(), {.representative_dataset = calibration()}).model;
}

TEST(Api, a_trained_model_is_shown_as_the_float_file_it_becomes) {
  const api::Model model = example();
  EXPECT_FALSE(model.is_tflite());
  EXPECT_EQ(model.source(), "wake_word.keras");
  ASSERT_THAT(model.inputs(), SizeIs(1));
  const api::TensorInfo input = model.tensors()[model.inputs()[0]];
  EXPECT_EQ(input.name, "serving_default_input_layer:0");
  EXPECT_THAT(input.shape, ElementsAre(1, 50, 13, 1));
  EXPECT_THAT(input.shape_signature, ElementsAre(-1, 50, 13, 1));
  EXPECT_EQ(model.ops()[0].name, "CONV_2D");
  ASSERT_THAT(model.signatures(), SizeIs(1));
  EXPECT_EQ(model.signatures()[0].key, "serving_default");
}

TEST(Api, a_saved_file_loads_as_the_same_bytes) {
  const TemporaryFolder folder;
  const api::Model model = int8_example();
  model.save(folder / "a.tflite");
  const api::Model again = api::load(folder / "a.tflite");
  EXPECT_TRUE(again.is_tflite());
  EXPECT_TRUE(std::equal(model.bytes().begin(), model.bytes().end(), again.bytes().begin(),
                         again.bytes().end()));
  EXPECT_EQ(api::analyze(model, "a"), api::analyze(again, "a"));
}

TEST(Api, an_array_in_memory_is_as_good_as_its_file) {
  const api::Model model = example();
  const std::string npy = content(kExample / "calibration_features.npy");
  const std::string elements = npy.substr(npy.find('\n') + 1);
  const int64_t samples = static_cast<int64_t>(elements.size()) / (50 * 13 * 4);
  const api::Array array =
      api::make_array("", DType::float32, {samples, 50, 13, 1}, std::as_bytes(std::span(elements)));
  const auto from_memory =
      api::quantize(model, {.representative_dataset = api::Samples({array})}).model;
  EXPECT_EQ(api::analyze(from_memory, "a"), api::analyze(int8_example(), "a"));
}

TEST(Api, an_interpreter_keeps_its_input_between_runs) {
  api::Interpreter interpreter(example());
  thrown_message(ErrorCode::usage, [&] { interpreter.input(0); });
  interpreter.allocate();
  const std::vector<float> ones(50 * 13, 1.0f);
  std::memcpy(interpreter.input(0).data(), ones.data(), interpreter.input(0).size());
  const size_t output = interpreter.model().outputs()[0];
  auto scores = [&] {
    interpreter.invoke();
    const auto bytes = interpreter.tensor(output);
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  };
  const auto first = scores();
  EXPECT_THAT(first, SizeIs(2 * sizeof(float)));
  EXPECT_EQ(scores(), first);
}

TEST(Api, a_resized_input_runs_a_batch_with_the_single_samples_results) {
  const api::Model model = example();
  const auto alone = api::run(model, test_data());
  ASSERT_THAT(alone, SizeIs(1));
  EXPECT_EQ(alone[0].name, "output_0");
  api::Interpreter interpreter(model);
  const auto samples = static_cast<int32_t>(alone[0].shape[0]);
  interpreter.resize_input(0, {samples, 50, 13, 1});
  interpreter.allocate();
  const std::string npy = content(kExample / "test_features.npy");
  const std::string elements = npy.substr(npy.find('\n') + 1);
  ASSERT_EQ(elements.size(), interpreter.input(0).size());
  std::memcpy(interpreter.input(0).data(), elements.data(), elements.size());
  interpreter.invoke();
  const auto batch = interpreter.tensor(model.outputs()[0]);
  EXPECT_TRUE(std::equal(batch.begin(), batch.end(), alone[0].bytes.begin(), alone[0].bytes.end()));
}

TEST(Api, threads_share_a_batch_and_change_no_byte) {
  for (const api::Model& model : {int8_example(), example()}) {
    std::vector<std::vector<std::byte>> found;
    for (const unsigned threads : {1u, 3u}) {
      api::Interpreter interpreter(model, {.threads = threads});
      interpreter.allocate();
      EXPECT_EQ(interpreter.threads(), 1u) << "one sample";
      interpreter.resize_input(0, {100, 50, 13, 1});  // 34, 34 and 32 samples
      interpreter.allocate();
      EXPECT_EQ(interpreter.threads(), threads);
      const auto input = interpreter.input(0);
      for (size_t i = 0; i < input.size(); ++i) input[i] = std::byte(i * 7 % 61);
      interpreter.invoke();
      const auto output = interpreter.tensor(model.outputs()[0]);
      found.emplace_back(output.begin(), output.end());
    }
    EXPECT_EQ(found[0], found[1]);
  }
}

// The plan leaves out rows and columns that no output needs; the file's shapes are others.
TEST(Api, shapes_are_the_files_also_once_allocated) {
  const api::Model model = example();
  api::Interpreter interpreter(model);
  for (const int32_t batch : {1, 3}) {
    interpreter.resize_input(0, {batch, 50, 13, 1});
    interpreter.allocate();
    for (const api::OpInfo& op : model.ops()) {
      const auto output = static_cast<size_t>(op.outputs[0]);
      auto expected = model.tensors()[output].shape;
      expected[0] = batch;
      EXPECT_EQ(interpreter.shape(output), expected) << op.name;
    }
  }
}

TEST(Api, inner_tensors_are_there_when_asked_for) {
  const api::Model model = example();
  const auto inner = static_cast<size_t>(model.ops()[0].outputs[0]);
  for (const bool preserve : {false, true}) {
    api::Interpreter interpreter(model, {.preserve_all_tensors = preserve});
    interpreter.allocate();
    interpreter.invoke();
    EXPECT_EQ(interpreter.tensor(inner).empty(), !preserve);
  }
}

TEST(Api, evaluate_gives_figures_and_texts) {
  const api::Evaluation result =
      api::evaluate(int8_example(), test_data(), {.labels = test_labels(), .latency = false});
  EXPECT_GT(*result.accuracy(), 0.9);
  EXPECT_THAT(result.predicted, SizeIs(result.n));
  EXPECT_THAT(result.text, HasSubstr("accuracy"));
  EXPECT_THAT(result.json, HasSubstr("\"correct\": " + std::to_string(*result.correct)));
  thrown_message(ErrorCode::usage, [] { api::evaluate(example(), test_data(), {}); });
}

TEST(Api, optimize_writes_every_mode) {
  const TemporaryFolder folder;
  const api::Report report = api::optimize(example(), {.out = folder / "out",
                                                       .calibrate = calibration(),
                                                       .evaluate = test_data(),
                                                       .labels = test_labels(),
                                                       .latency = false});
  ASSERT_THAT(report.modes, SizeIs(5));
  EXPECT_TRUE(std::filesystem::exists(report.modes[0].file));
  EXPECT_EQ(content(folder / "out" / "table.md"), report.markdown);
  EXPECT_EQ(content(folder / "out" / "results.json"), report.json);
}

TEST(Api, compare_and_inspect_give_texts) {
  const api::Comparison found = api::compare(example(), int8_example(), test_data());
  EXPECT_GT(found.layers.size(), 4u);
  EXPECT_THAT(found.text, HasSubstr(found.layers[0].tensor));
  EXPECT_THAT(api::inspect(example()).text, HasSubstr("CONV_2D"));
  EXPECT_THAT(api::inspect(example(), true).json, HasSubstr("histogram"));
}

TEST(Api, layer_errors_are_about_a_step_of_each_layers_scale) {
  const api::Model original = example();
  const api::Model quantized = int8_example();
  api::LayerErrors errors(original, quantized, {{1, 50, 13, 1}});
  ASSERT_THAT(errors.layers(), SizeIs(7));
  std::fill(errors.input(0).begin(), errors.input(0).end(), 1.0f);
  errors.run();
  for (size_t i = 0; i < errors.layers().size(); ++i) {
    const api::TensorInfo made = quantized.tensors()[errors.layers()[i].tensor];
    const auto codes = errors.quantized_output(i);
    const auto floats = errors.float_output(i);
    ASSERT_EQ(codes.size(), floats.size());
    for (size_t e = 0; e < floats.size(); ++e) {
      const auto code = static_cast<int8_t>(codes[e]);
      const float real =
          made.quantization.scales[0] * static_cast<float>(code - made.quantization.zero_points[0]);
      // Rounding of the output, of the weights and of the bias.
      EXPECT_NEAR(real, floats[e], 2 * made.quantization.scales[0]) << errors.layers()[i].op;
    }
  }
}

TEST(Api, a_cancelled_conversion_throws_so) {
  const auto cancel = [](std::string_view, size_t, size_t) { return false; };
  thrown_message(ErrorCode::cancelled, [&] {
    api::quantize(example(), {.representative_dataset = calibration(), .progress = cancel});
  });
}

}  // namespace
}  // namespace litesmith
