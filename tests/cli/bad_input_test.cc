// One row a kind of bad input: its exit code, a piece of its one message, and no new file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <limits>
#include <ostream>

#include "formats/keras/read.h"
#include "formats/tflite/write.h"
#include "formats/zip/zip_writer.h"
#include "program.h"
#include "samples.h"
#include "testing/scores.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

struct Row {
  std::string name;
  std::function<Words(const Samples&)> prepare;  // spoils a file, returns the call
  int exit_code;
  std::string message;
  CallOptions options = {};
};

void PrintTo(const Row& row, std::ostream* stream) { *stream << row.name; }

constexpr int kUsage = 2;
constexpr int kIo = 3;
constexpr int kFormat = 4;
constexpr int kUnsupported = 5;
constexpr int kData = 6;

const std::string kSource = LITESMITH_SOURCE_DIR;

Words optimize_keras(const Samples& s, const std::string& model) {
  return {"optimize",   s / model,          "--calibrate", s / "features.npy",
          "--evaluate", s / "features.npy", "--labels",    s / "labels.npy",
          "--out",      s / "out"};
}
// The wake-word job with another file of samples for both uses.
Words optimize_data(const Samples& s, const std::string& data) {
  return {"optimize", s / "wake_word.keras", "--calibrate", s / data, "--evaluate", s / data,
          "--labels", s / "labels.npy",      "--out",       s / "out"};
}
Words evaluate(const Samples& s, const std::string& data, const std::string& labels) {
  return {"evaluate", s / "net.tflite", "--data", s / data, "--labels", s / labels};
}

std::string raw(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

// The example's archive with one of its weights replaced.
void spoil_weights(const Samples& s, float value) {
  const Model model = read_keras(s / "wake_word.keras");
  std::string weights = s.keras_member("model.weights.h5");
  size_t at = std::string::npos;
  for (const Value& constant : model.graph.values) {
    if (!constant.is_constant() || constant.dtype != DType::float32) continue;
    const auto first = constant.data->bytes().first(4);
    at = weights.find(std::string(reinterpret_cast<const char*>(first.data()), 4));
    if (at != std::string::npos && at % 4 == 0) break;
  }
  ASSERT_NE(at, std::string::npos);
  std::memcpy(weights.data() + at, &value, sizeof(value));
  s.write_keras("bad.keras", "model.weights.h5", weights);
}

std::string config_with_class(const Samples& s, const std::string& name,
                              const std::string& registered) {
  std::string config = replaced(s.keras_member("config.json"), "\"class_name\": \"MaxPooling2D\"",
                                "\"class_name\": \"" + name + "\"");
  if (!registered.empty()) {
    // The wrapper's registered_name follows the layer's config.
    const size_t at = config.find("\"registered_name\": null", config.find(name));
    config.replace(at, std::strlen("\"registered_name\": null"),
                   "\"registered_name\": \"" + registered + "\"");
  }
  return config;
}

std::vector<Row> rows() {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  return {
      // Missing, truncated and foreign files.
      {"missing_model", [](const Samples& s) { return optimize_keras(s, "none.keras"); }, kIo,
       "none.keras': No such file"},
      {"missing_data", [](const Samples& s) { return optimize_data(s, "none.npy"); }, kIo,
       "none.npy': No such file"},
      {"missing_labels", [](const Samples& s) { return evaluate(s, "x.npy", "none.npy"); }, kIo,
       "none.npy': No such file"},
      {"a_folder_for_a_file",
       [](const Samples& s) {
         return Words{"run", s.path().string(), "--input", s / "x.npy", "--output", s / "o.npy"};
       },
       kIo, "it is a folder"},
      {"truncated_keras",
       [](const Samples& s) {
         s.write("bad.keras", content(s / "wake_word.keras").substr(0, 100000));
         return optimize_keras(s, "bad.keras");
       },
       kFormat, "bad.keras"},
      {"truncated_weights",
       [](const Samples& s) {
         s.write_keras("bad.keras", "model.weights.h5",
                       s.keras_member("model.weights.h5").substr(0, 100000));
         return optimize_keras(s, "bad.keras");
       },
       kFormat, "bad.keras"},
      {"truncated_tflite",
       [](const Samples& s) {
         s.write("net.tflite", content(s / "net.tflite").substr(0, 300));
         return evaluate(s, "x.npy", "y.npy");
       },
       kFormat, "net.tflite"},
      {"truncated_npy",
       [](const Samples& s) {
         s.write("x.npy", content(s / "x.npy").substr(0, 200));
         return evaluate(s, "x.npy", "y.npy");
       },
       kFormat, "x.npy': the .npy array is truncated"},
      {"empty_model",
       [](const Samples& s) {
         s.write("bad.keras", "");
         return optimize_keras(s, "bad.keras");
       },
       kFormat, "bad.keras' is empty"},
      {"foreign_model",
       [](const Samples& s) {
         s.write("bad.keras", "To be, or not to be, that is the question");
         return optimize_keras(s, "bad.keras");
       },
       kFormat, "is no model that litesmith knows"},
      {"foreign_tflite",
       [](const Samples& s) {
         s.write("net.tflite", "To be, or not to be, that is the question");
         return evaluate(s, "x.npy", "y.npy");
       },
       kFormat, "net.tflite"},
      {"foreign_data",
       [](const Samples& s) {
         s.write("x.npy", "1,2,3\n");
         return evaluate(s, "x.npy", "y.npy");
       },
       kFormat, "is not a .npy array"},
      {"pickle_for_data",
       [](const Samples& s) {
         s.write("x.npy", "\x80\x04\x95...");
         return evaluate(s, "x.npy", "y.npy");
       },
       kFormat, "Python pickle"},
      {"onnx_that_is_cut_off",
       [](const Samples& s) {
         s.write("net.onnx", "\x08\x07\x12\x07pytorch");
         return optimize_keras(s, "net.onnx");
       },
       kFormat, "is no ONNX model"},
      {"onnx_of_another_time",
       [](const Samples& s) {
         s.write("net.onnx", std::string("\x08\x63\x3a\x00\x42\x02\x10\x63", 8));
         return optimize_keras(s, "net.onnx");
       },
       kUnsupported, "opset 99"},

      // Keras archives that cannot be imported.
      {"keras_without_weights",
       [](const Samples& s) {
         s.write_keras("bad.keras", "model.weights.h5", "");
         return optimize_keras(s, "bad.keras");
       },
       kFormat, "model.weights.h5"},
      {"keras_without_config",
       [](const Samples& s) {
         s.write_keras("bad.keras", "config.json", "");
         return optimize_keras(s, "bad.keras");
       },
       kFormat, "config.json"},
      {"lambda_layer",
       [](const Samples& s) {
         s.write_keras("bad.keras", "config.json", config_with_class(s, "Lambda", ""));
         return optimize_keras(s, "bad.keras");
       },
       kUnsupported, "Lambda"},
      {"custom_class",
       [](const Samples& s) {
         s.write_keras("bad.keras", "config.json", config_with_class(s, "MyPool", "my>MyPool"));
         return optimize_keras(s, "bad.keras");
       },
       kUnsupported, "MyPool"},
      {"weights_with_nan",
       [&](const Samples& s) {
         spoil_weights(s, kNan);
         return optimize_keras(s, "bad.keras");
       },
       kData, "NaN"},
      {"weights_with_infinity",
       [&](const Samples& s) {
         spoil_weights(s, kInfinity);
         return optimize_keras(s, "bad.keras");
       },
       kData, "infinity"},
      {"link_inside_archive",
       [](const Samples& s) {
         constexpr uint32_t kLink = 0120777u << 16;
         s.write(
             "bad.keras",
             testing::ZipWriter()
                 .add({.name = "config.json", .data = "/etc/passwd", .external_attributes = kLink})
                 .finish());
         return optimize_keras(s, "bad.keras");
       },
       kFormat, "link"},
      {"climbing_name_inside_archive",
       [](const Samples& s) {
         s.write("bad.keras", testing::ZipWriter().add("../config.json", "{}").finish());
         return optimize_keras(s, "bad.keras");
       },
       kFormat, ".."},
      {"bomb_inside_archive",
       [](const Samples& s) {
         s.write("bad.npz", testing::ZipWriter()
                                .add({.name = "x.npy",
                                      .data = std::string(size_t{1} << 20, '\0'),
                                      .deflate = true,
                                      .stated_size = 0x30000000})
                                .finish());
         return evaluate(s, "bad.npz", "y.npy");
       },
       kUnsupported, "such archives are refused"},

      // Models that cannot run or be converted.
      {"unsupported_op",
       [](const Samples& s) {
         tflite::File file = tflite::read_file(s / "net.tflite");
         tflite::OperatorCode& op = file.operator_codes->front();
         constexpr int kCustom = 32;
         op.deprecated_builtin_code = kCustom;
         op.builtin_code = kCustom;
         op.custom_code = "FancyOp";
         std::string bytes;
         tflite::write_file(file, [&](std::span<const std::byte> part) {
           bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
         });
         s.write("net.tflite", bytes);
         return evaluate(s, "x.npy", "y.npy");
       },
       kUnsupported, "FancyOp"},
      {"model_that_is_quantized_already",
       [](const Samples& s) {
         write_tflite(scores_model(3, DType::int8, {{0.5f}, {0}, 0}), s / "net.tflite");
         return Words{"optimize", s / "net.tflite", "--out", s / "out"};
       },
       kUnsupported, "already quantized"},

      {"bomb_inside_keras_archive",
       [](const Samples& s) {
         s.write("bad.keras", testing::ZipWriter()
                                  .add({.name = "config.json",
                                        .data = std::string(size_t{20} << 20, ' '),
                                        .deflate = true})
                                  .finish());
         return optimize_keras(s, "bad.keras");
       },
       kUnsupported, "more than the 16777216 that make sense here"},
      {"link_inside_hdf5",
       [](const Samples& s) {
         s.write("bad.h5", content(kSource + "/fuzz/corpus/fuzz_hdf5/soft_link"));
         return optimize_keras(s, "bad.h5");
       },
       kUnsupported, "the file holds a soft link, 'link'; such files are refused"},
      {"truncated_h5",
       [](const Samples& s) {
         s.write("bad.h5", s.keras_member("model.weights.h5").substr(0, 30000));
         return optimize_keras(s, "bad.h5");
       },
       kFormat, "it is truncated: 30000 bytes of"},
      {"h5_of_weights_only",
       [](const Samples& s) {
         s.write("bad.h5", s.keras_member("model.weights.h5"));
         return optimize_keras(s, "bad.h5");
       },
       kUnsupported, "save the whole model (model.save)"},

      // Layers and ops that are not known: all named at once.
      {"unsupported_layers",
       [](const Samples& s) {
         s.write_keras("bad.keras", "config.json", config_with_class(s, "ConvLSTM1D", ""));
         return optimize_keras(s, "bad.keras");
       },
       kUnsupported, "'max_pooling2d': ConvLSTM1D is not supported"},
      {"unsupported_ops",
       [](const Samples& s) {
         s.write("bad.tflite", content(kSource + "/fuzz/corpus/fuzz_tflite/unusual"));
         return Words{"run", s / "bad.tflite", "--input", s / "x.npy", "--output", s / "o.npy"};
       },
       kFormat, "there is room for 2 values, and 8 are stored\n"},

      // Arrays that do not fit.
      {"wrong_shape",
       [](const Samples& s) {
         s.write("bad.npy", npy("<f4", "(2, 40, 13, 1)", raw(std::vector<float>(1040))));
         return optimize_data(s, "bad.npy");
       },
       kData, "samples of shape [40, 13, 1]"},
      {"wrong_axis_order",
       [](const Samples& s) {
         s.write("bad.npy", npy("<f4", "(1, 13, 50, 1)", raw(std::vector<float>(650))));
         return optimize_data(s, "bad.npy");
       },
       kData, "in another order"},
      {"single_sample_without_its_dimension",
       [](const Samples& s) {
         s.write("bad.npy", npy("<f4", "(50, 13, 1)", raw(std::vector<float>(650))));
         return optimize_data(s, "bad.npy");
       },
       kData, "np.newaxis"},
      {"text_array",
       [](const Samples& s) {
         s.write("bad.npy", npy("|S4", "(1,)", "text"));
         return optimize_data(s, "bad.npy");
       },
       kUnsupported, "holds text"},
      {"complex_array",
       [](const Samples& s) {
         s.write("bad.npy", npy("<c8", "(1,)", "12345678"));
         return optimize_data(s, "bad.npy");
       },
       kUnsupported, "complex numbers"},
      {"pickled_objects",
       [](const Samples& s) {
         s.write("bad.npy", npy("|O", "(1,)", "\x80\x04\x95"));
         return optimize_data(s, "bad.npy");
       },
       kUnsupported, "pickled Python objects"},
      {"data_with_nan",
       [&](const Samples& s) {
         std::vector<float> values(1300, 1.0f);
         values[700] = kNan;
         s.write("bad.npy", npy("<f4", "(2, 50, 13, 1)", raw(values)));
         return optimize_data(s, "bad.npy");
       },
       kData, "1 of 2 samples hold NaN, first in sample 1 at [3, 11, 0]"},
      {"data_with_infinity",
       [&](const Samples& s) {
         s.write("bad.npy", npy("<f4", "(1, 3, 1)", raw({0, kInfinity, 0})));
         return Words{"run", s / "net.tflite", "--input", s / "bad.npy", "--output", s / "o.npy"};
       },
       kData, "infinity"},
      {"empty_calibration",
       [](const Samples& s) {
         s.write("bad.npy", npy("<f4", "(0, 50, 13, 1)", ""));
         return optimize_data(s, "bad.npy");
       },
       kData, "holds no samples"},
      {"archive_without_arrays",
       [](const Samples& s) {
         s.write("bad.npz", testing::ZipWriter().add("x.txt", "1").finish());
         return evaluate(s, "bad.npz", "y.npy");
       },
       kFormat, "holds no arrays"},

      // Labels that do not fit.
      {"too_few_labels",
       [](const Samples& s) {
         s.write("bad.npy", npy("|u1", "(3,)", std::string("\0\1\2", 3)));
         return evaluate(s, "x.npy", "bad.npy");
       },
       kData, "there are 3 labels for 40 samples"},
      {"too_few_labels_for_optimize",
       [](const Samples& s) {
         s.write("labels.npy", npy("|u1", "(3,)", std::string("\0\1\0", 3)));
         return optimize_data(s, "features.npy");
       },
       kData, "there are 3 labels for 20 samples"},
      {"label_beyond_the_classes",
       [](const Samples& s) {
         s.write("bad.npy", npy("|u1", "(40,)", std::string(39, '\1') + "\3"));
         return evaluate(s, "x.npy", "bad.npy");
       },
       kData, "label 3 of sample 39 is beyond the model's 3 classes"},
      {"negative_label",
       [](const Samples& s) {
         s.write("bad.npy", npy("|i1", "(40,)", std::string(40, '\xff')));
         return evaluate(s, "x.npy", "bad.npy");
       },
       kData, "label -1 of sample 0"},
      {"fractional_label",
       [](const Samples& s) {
         s.write("bad.npy", npy("<f4", "(40,)", raw(std::vector<float>(40, 0.5f))));
         return evaluate(s, "x.npy", "bad.npy");
       },
       kData, "where an integer is needed"},
      {"labels_that_are_not_one_hot",
       [](const Samples& s) {
         s.write("bad.npy", npy("|u1", "(40, 2)", std::string(80, '\1')));
         return evaluate(s, "x.npy", "bad.npy");
       },
       kData, "not one-hot"},

      // Places that cannot be written.
      {"output_folder_is_a_file",
       [](const Samples& s) {
         Words words = optimize_keras(s, "wake_word.keras");
         words.back() = s / "x.npy";
         return words;
       },
       kIo, "x.npy': Not a directory"},
      {"output_folder_cannot_be_made",
       [](const Samples& s) {
         Words words = optimize_keras(s, "wake_word.keras");
         words.back() = "/proc/litesmith/out";
         return words;
       },
       kIo, "cannot make the folder '/proc/litesmith/out'"},
      {"output_file_in_a_missing_folder",
       [](const Samples& s) {
         return Words{"convert", s / "wake_word.keras", "-o", s / "none/a.tflite"};
       },
       kIo, "none/a.tflite': No such file"},
      {"full_disk_for_an_array",
       [](const Samples& s) {
         return Words{"run", s / "net.tflite", "--input", s / "x.npy", "--output", "/dev/full"};
       },
       kIo, "/dev/full': No space left"},
      {"full_disk_for_a_model",
       [](const Samples& s) {
         return Words{"convert", s / "wake_word.keras", "-o", "/dev/full"};
       },
       kIo, "/dev/full': No space left"},
      {"full_disk_for_printed_data",
       [](const Samples& s) {
         return Words{"analyze", s / "net.tflite"};
       },
       kIo,
       "cannot write to standard output: No space left",
       {.stdout_file = "/dev/full"}},
      {"file_size_limit_for_optimize",
       [](const Samples& s) {
         return Words{"optimize", s / "wake_word.keras", "--out", s / "out"};
       },
       kIo,
       "File too large",
       {.file_size_limit = 30000}},
      {"file_size_limit_for_run",
       [](const Samples& s) {
         return Words{"run", s / "net.tflite", "--input", s / "x.npy", "--all-tensors", s / "out"};
       },
       kIo,
       "File too large",
       {.file_size_limit = 400}},

      // Calls that make no sense.
      {"unknown_verb", [](const Samples&) { return Words{"transmogrify"}; }, kUsage,
       "transmogrify"},
      {"unknown_option",
       [](const Samples&) {
         return Words{"run", "--frobnicate"};
       },
       kUsage, "litesmith run --help"},
      {"missing_option",
       [](const Samples& s) {
         return Words{"evaluate", s / "net.tflite"};
       },
       kUsage, "--data"},
      {"missing_samples",
       [](const Samples& s) {
         return Words{"run", s / "net.tflite", "--output", s / "o.npy"};
       },
       kUsage, "give --input"},
      {"number_that_is_none",
       [](const Samples& s) {
         Words words = evaluate(s, "x.npy", "y.npy");
         words.insert(words.end(), {"--threads", "many"});
         return words;
       },
       kUsage, "--threads"},
      {"more_threads_than_there_can_be",
       [](const Samples& s) {
         Words words = evaluate(s, "x.npy", "y.npy");
         words.insert(words.end(), {"--threads", "1000000"});
         return words;
       },
       kUsage, "at most 1024 threads"},
      {"unknown_mode",
       [](const Samples& s) {
         Words words = optimize_keras(s, "wake_word.keras");
         words.insert(words.end(), {"--modes", "float32,int7"});
         return words;
       },
       kUsage, "there is no mode 'int7'"},
      {"type_a_mode_does_not_allow",
       [](const Samples& s) {
         return Words{"convert", s / "wake_word.keras", "-o",  s / "a.tflite", "--mode",
                      "float16", "--input-type",        "int8"};
       },
       kUsage, "mode float16 allows input type float32, not int8"},
      {"mode_without_its_data",
       [](const Samples& s) {
         return Words{"convert", s / "wake_word.keras", "-o", s / "a.tflite", "--mode", "int8"};
       },
       kUsage, "give --calibrate"},
      {"op_to_keep_float_that_is_not_there",
       [](const Samples& s) {
         return Words{"convert", s / "wake_word.keras", "-o",           s / "a.tflite",
                      "--mode",  "dynamic_range",       "--keep-float", "LSTM"};
       },
       kUsage, "'LSTM'"},
      {"tensor_that_is_not_there",
       [](const Samples& s) {
         return Words{"run",      s / "net.tflite", "--input",  s / "x.npy",
                      "--output", s / "o.npy",      "--tensor", "nope"};
       },
       kUsage, "there is no tensor 'nope'"},
      {"nothing_to_judge_by",
       [](const Samples& s) {
         return Words{"evaluate", s / "net.tflite", "--data", s / "x.npy"};
       },
       kUsage, "give --labels"},
      {"threshold_for_many_classes",
       [](const Samples& s) {
         Words words = evaluate(s, "x.npy", "y.npy");
         words.insert(words.end(), {"--threshold", "0.5"});
         return words;
       },
       kUsage, "a threshold needs the class it watches"},
  };
}

class BadInput : public ::testing::TestWithParam<Row> {};

TEST_P(BadInput, gets_one_clear_message_and_leaves_no_file) {
  const Row& row = GetParam();
  const Samples samples;
  const Words words = row.prepare(samples);
  const auto before = tree(samples.path());
  const Outcome outcome = call(words, row.options);
  EXPECT_EQ(outcome.exit_code, row.exit_code) << outcome.err;
  EXPECT_THAT(outcome.err, StartsWith("litesmith: "));
  EXPECT_THAT(outcome.err, HasSubstr(row.message));
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_EQ(tree(samples.path()), before);
}

INSTANTIATE_TEST_SUITE_P(Cli, BadInput, ::testing::ValuesIn(rows()),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace litesmith
