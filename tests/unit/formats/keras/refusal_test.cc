// What is no model, or one that cannot be imported, gets one clear sentence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "formats/keras/read.h"
#include "formats/zip/zip.h"
#include "formats/zip/zip_writer.h"
#include "testing/text.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::bytes_of;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::text_of;
using testing::ZipEntry;
using testing::ZipWriter;

constexpr uint64_t kLimit = uint64_t{1} << 24;

struct Failure {
  ErrorCode code = ErrorCode::internal;
  std::string message = "no error";
};

Failure failure_of(const std::string& file) {
  try {
    read_keras(bytes_of(file), "model.keras");
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {};
}

// A member of a fixture archive made by Keras 3.15.
std::string fixture(const std::string& network, const std::string& member) {
  const ZipArchive archive = ZipArchive::open(
      LITESMITH_SOURCE_DIR "/tests/fixtures/keras/keras-3.15.1/" + network + ".zip");
  return text_of(archive.read(*archive.find(member), kLimit));
}

std::string member_of_archive(const std::string& archive_bytes, const std::string& name) {
  const ZipArchive archive(bytes_of(archive_bytes), "inner");
  return text_of(archive.read(*archive.find(name), kLimit));
}

std::string cnn_config() { return member_of_archive(fixture("cnn", "model.keras"), "config.json"); }
std::string cnn_weights() {
  return member_of_archive(fixture("cnn", "model.keras"), "model.weights.h5");
}

std::string archive(const std::string& config, const std::string& weights) {
  return ZipWriter()
      .add("metadata.json", R"({"keras_version": "3.15.1"})")
      .add("config.json", config)
      .add("model.weights.h5", weights)
      .finish();
}

// A Sequential model of these layers over a vector of 3.
std::string sequential(const std::string& layers) {
  return R"({"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [)"
         R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "name": "in"}}, )" +
         layers + "]}}";
}

std::string layer(const std::string& class_name, const std::string& name,
                  const std::string& config = "", const std::string& more = "") {
  return R"({"class_name": ")" + class_name + R"(", "config": {"name": ")" + name + "\"" + config +
         "}" + more + "}";
}

TEST(KerasRefusals, the_archive_they_are_made_from_is_read) {
  EXPECT_EQ(failure_of(archive(cnn_config(), cnn_weights())).message, "no error");
}

TEST(KerasRefusals, what_is_no_model_is_a_format_error) {
  EXPECT_THAT(failure_of("").message, HasSubstr("empty"));
  EXPECT_THAT(failure_of("hello").message, HasSubstr("neither a .keras archive nor an HDF5 file"));
  EXPECT_THAT(failure_of(ZipWriter().add("a", "b").finish()).message, HasSubstr("no config.json"));
  EXPECT_THAT(failure_of(archive("{", "")).message, HasSubstr("config.json is no JSON"));
  for (const std::string& file : {std::string(), std::string("hello"), archive("{", "")}) {
    EXPECT_EQ(failure_of(file).code, ErrorCode::format);
  }
}

TEST(KerasRefusals, missing_and_foreign_weights_are_told) {
  EXPECT_THAT(failure_of(ZipWriter().add("config.json", cnn_config()).finish()).message,
              HasSubstr("weights are missing"));
  EXPECT_THAT(failure_of(archive(cnn_config(), "x")).message, HasSubstr("no HDF5 file"));
  EXPECT_THAT(
      failure_of(
          ZipWriter().add("config.json", cnn_config()).add("model.weights.npz", "x").finish())
          .message,
      HasSubstr("pickled"));
  const std::string other =
      member_of_archive(fixture("sequence", "model.keras"), "model.weights.h5");
  EXPECT_THAT(failure_of(archive(cnn_config(), other)).message,
              AllOf(HasSubstr("layer 'conv2d' (Conv2D)"), HasSubstr("holds no 'kernel'")));
}

TEST(KerasRefusals, weights_of_another_shape_are_told) {
  const std::string config = replaced(cnn_config(), R"("filters": 3)", R"("filters": 5)");
  EXPECT_THAT(failure_of(archive(config, cnn_weights())).message,
              AllOf(HasSubstr("layer 'conv2d'"), HasSubstr("[3, 3, 1, 3]"), HasSubstr("5]")));
}

TEST(KerasRefusals, every_layer_in_the_way_is_named) {
  const std::string config =
      sequential(layer("Lambda", "l1") + "," + layer("ConvLSTM2D", "r") + "," +
                 layer("Dense", "fine", R"(, "units": 2)") + "," +
                 layer("Mine", "m", "", R"(, "registered_name": "pkg>Mine")") + "," +
                 layer("Dense", "d", R"(, "units": 2, "activation": "sparsemax")") + "," +
                 layer("UpSampling2D", "u", R"(, "size": [2, 2], "interpolation": "bicubic")"));
  const Failure failure = failure_of(archive(config, cnn_weights()));
  EXPECT_EQ(failure.code, ErrorCode::unsupported);
  EXPECT_THAT(failure.message,
              AllOf(HasSubstr("layer 'l1': Lambda holds Python code"),
                    HasSubstr("layer 'r': ConvLSTM2D is not supported"),
                    HasSubstr("layer 'm': Mine is a class of the model's author ('pkg>Mine')"),
                    HasSubstr("layer 'd': Dense: the activation 'sparsemax' is not supported"),
                    HasSubstr("layer 'u': UpSampling2D: the interpolation 'bicubic'")));
  EXPECT_THAT(failure.message, Not(HasSubstr("'fine'")));
}

TEST(KerasRefusals, settings_of_layers_that_LiteRT_cannot_express_are_named) {
  const std::string config = sequential(
      layer("LSTM", "timely", R"(, "units": 2, "time_major": true)") + "," +
      layer("LSTM", "odd", R"(, "units": 2, "activation": "relu", "stateful": true)") + "," +
      layer("GRU", "keeps", R"(, "units": 2, "stateful": true)") + "," +
      layer("SimpleRNN", "gate", R"(, "units": 2, "recurrent_activation": "sparsemax")") + "," +
      layer("MultiHeadAttention", "gated", R"(, "use_gate": true)") + "," +
      layer("MultiHeadAttention", "axes", R"(, "attention_axes": [2, 3])") + "," +
      layer("Attention", "added", R"(, "score_mode": "concat")") + "," +
      layer("Conv2DTranspose", "wide", R"(, "dilation_rate": [1, 2])") + "," +
      layer("Bidirectional", "both", R"(, "merge_mode": "max", "layer": )" + layer("Lambda", "l")));
  const Failure failure = failure_of(archive(config, cnn_weights()));
  EXPECT_EQ(failure.code, ErrorCode::unsupported);
  EXPECT_THAT(failure.message,
              AllOf(HasSubstr("layer 'timely': LSTM: time_major=True"),
                    HasSubstr("layer 'odd': LSTM: stateful=True is supported with tanh"),
                    HasSubstr("layer 'keeps': GRU: stateful=True is not supported"),
                    HasSubstr("layer 'gate': SimpleRNN: the activation 'sparsemax'"),
                    HasSubstr("layer 'gated': MultiHeadAttention: use_gate=True"),
                    HasSubstr("layer 'axes': MultiHeadAttention: attention over other axes"),
                    HasSubstr("layer 'added': Attention: the score_mode 'concat'"),
                    HasSubstr("layer 'wide': Conv2DTranspose: LiteRT has no dilated"),
                    HasSubstr("layer 'both': Bidirectional: the merge_mode 'max'"),
                    HasSubstr("layer 'both/l': Lambda holds Python code")));
}

TEST(KerasRefusals, a_mask_into_a_layer_that_can_do_nothing_with_it_is_refused) {
  const std::string config =
      R"({"class_name": "Functional", "config": {"name": "f", "layers": [
      {"class_name": "InputLayer", "name": "x", "config": {"batch_shape": [null, 4, 3]}},
      {"class_name": "Softmax", "name": "r", "config": {"trainable": true}, "inbound_nodes": [{
        "args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}],
        "kwargs": {"mask": {"class_name": "__keras_tensor__",
                            "config": {"keras_history": ["x", 0, 0]}}}}]}],
      "input_layers": [["x", 0, 0]], "output_layers": [["r", 0, 0]]}})";
  EXPECT_THAT(failure_of(archive(config, cnn_weights())).message,
              HasSubstr("layer 'r' (Softmax): its input comes with a mask"));
}

TEST(KerasRefusals, functions_between_layers_that_are_not_known_are_named) {
  const std::string config =
      sequential(layer("TFOpLambda", "f", R"(, "function": "math.lgamma")") + "," +
                 layer("Erf", "e", "", R"(, "module": "keras.src.ops.math")") + "," +
                 layer("InstanceProperty", "p"));
  EXPECT_THAT(failure_of(archive(config, cnn_weights())).message,
              AllOf(HasSubstr("layer 'f': TFOpLambda: the function tf.math.lgamma"),
                    HasSubstr("layer 'e': the operation Erf between layers is not supported"),
                    HasSubstr("layer 'p': the operation InstanceProperty")));
}

TEST(KerasRefusals, layers_in_nested_models_are_named_with_their_path) {
  const std::string config =
      sequential(R"({"class_name": "Sequential", "config": {"name": "inner", )"
                 R"("layers": [)" +
                 layer("Lambda", "l") + "]}}");
  EXPECT_THAT(failure_of(archive(config, cnn_weights())).message,
              HasSubstr("layer 'inner/l': Lambda"));
}

TEST(KerasRefusals, subclassed_models_are_refused) {
  const std::string config =
      R"({"module": "main", "class_name": "MyModel", "config": {}, "registered_name": "MyModel"})";
  EXPECT_THAT(failure_of(archive(config, cnn_weights())).message,
              HasSubstr("'MyModel' is a model written as a class of its own"));
}

TEST(KerasRefusals, a_model_never_built_is_refused) {
  const std::string config = R"({"class_name": "Sequential", "config": {"name": "s", "layers": [)" +
                             layer("ReLU", "r") + "]}}";
  EXPECT_THAT(failure_of(archive(config, cnn_weights())).message, HasSubstr("never built"));
}

TEST(KerasRefusals, a_graph_in_a_circle_is_refused) {
  auto wired = [](const std::string& name, const std::string& from) {
    return layer(
        "ReLU", name, "",
        R"(, "name": ")" + name + R"(", "inbound_nodes": [[[")" + from + R"(", 0, 0, {}]]])");
  };
  const std::string config = R"({"class_name": "Functional", "config": {"name": "f", "layers": [)" +
                             wired("a", "b") + "," + wired("b", "a") +
                             R"(], "input_layers": [], "output_layers": [["a", 0, 0]]}})";
  EXPECT_THAT(failure_of(archive(config, cnn_weights())).message, HasSubstr("in a circle"));
}

TEST(KerasRefusals, models_that_multiply_are_refused) {
  // Each level calls the one inside it three times: 3^14 layers from a few lines.
  std::string model = sequential(layer("ReLU", "r"));
  for (int level = 0; level < 14; ++level) {
    model.insert(1, R"("name": "m", "inbound_nodes": [[["in", 0, 0, {}]], [["m", 1, 0, {}]], )"
                    R"([["m", 2, 0, {}]]], )");
    model = R"({"class_name": "Functional", "config": {"name": "f", "layers": [)"
            R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 3]}, "name": "in", )"
            R"("inbound_nodes": []}, )" +
            model + R"(], "input_layers": [["in", 0, 0]], "output_layers": [["m", 3, 0]]}})";
  }
  EXPECT_THAT(failure_of(archive(model, cnn_weights())).message, HasSubstr("more than 100000"));
}

TEST(KerasRefusals, models_within_models_without_end_are_refused) {
  std::string model = layer("ReLU", "r");
  for (int level = 0; level < 30; ++level) model = sequential(model);
  EXPECT_THAT(failure_of(archive(model, cnn_weights())).message,
              HasSubstr("nests models too deeply"));
}

TEST(KerasRefusals, weights_that_are_no_finite_numbers_are_refused) {
  // The first bias of the second Dense, found by its bytes in the file.
  const std::string weights = cnn_weights();
  const ZipArchive outer =
      ZipArchive::open(LITESMITH_SOURCE_DIR "/tests/fixtures/keras/keras-3.15.1/cnn.zip");
  const Model model = read_keras(outer.read(*outer.find("model.keras"), kLimit), "model.keras");
  for (const Value& value : model.graph.values) {
    if (value.name != "dense_1/bias") continue;
    const std::string bytes(reinterpret_cast<const char*>(value.data->bytes().data()), 4);
    for (const auto& [bits, name] : {std::pair<std::string, const char*>{"\x00\x00\xc0\x7f", "NaN"},
                                     {std::string("\0\0\x80\x7f", 4), "infinity"}}) {
      const Failure failure = failure_of(archive(
          cnn_config(),
          replaced(weights, bytes, bits.size() == 4 ? bits : std::string("\0\0\xc0\x7f", 4))));
      EXPECT_EQ(failure.code, ErrorCode::data);
      EXPECT_THAT(failure.message,
                  AllOf(HasSubstr("layer 'dense_1': bias holds " + std::string(name)),
                        HasSubstr("element 0")));
    }
    return;
  }
  FAIL() << "no bias to spoil";
}

TEST(KerasRefusals, archives_that_could_do_harm_are_refused) {
  EXPECT_THAT(failure_of(ZipWriter()
                             .add({.name = "config.json",
                                   .data = "/etc/passwd",
                                   .external_attributes = 0120777u << 16})
                             .finish())
                  .message,
              HasSubstr("holds a link"));
  EXPECT_THAT(failure_of(ZipWriter().add("../config.json", "{}").finish()).message,
              HasSubstr("leads outside"));
  EXPECT_THAT(
      failure_of(
          ZipWriter()
              .add({.name = "config.json", .data = std::string(80u << 20, ' '), .deflate = true})
              .finish())
          .message,
      HasSubstr("more than the"));
}

TEST(KerasRefusals, every_truncation_of_a_file_is_an_error) {
  for (const char* member : {"model.keras", "model.h5"}) {
    const std::string whole = fixture("cnn", member);
    ASSERT_EQ(failure_of(whole).message, "no error");
    for (size_t size = 0; size < whole.size(); size += 997) {
      EXPECT_NE(failure_of(whole.substr(0, size)).message, "no error") << member << " " << size;
    }
  }
}

TEST(KerasRefusals, h5_files_without_a_model_say_what_they_are) {
  EXPECT_THAT(failure_of(cnn_weights()).message, HasSubstr("weights without the model"));
  const SharedBytes other = SharedBytes::map(LITESMITH_SOURCE_DIR "/tests/fixtures/hdf5/kinds.h5");
  EXPECT_THAT(failure_of(text_of(other)).message, HasSubstr("holds no Keras model"));
}

class KerasFolder : public ::testing::Test {
 protected:
  KerasFolder() : folder_(fs::path(::testing::TempDir()) / "litesmith_keras_folder") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~KerasFolder() override { fs::remove_all(folder_); }
  std::string error() const {
    try {
      read_keras(folder_);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  fs::path folder_;
};

TEST_F(KerasFolder, an_unzipped_archive_is_read) {
  write_file(folder_ / "config.json", cnn_config());
  write_file(folder_ / "model.weights.h5", cnn_weights());
  EXPECT_EQ(read_keras(folder_).graph.outputs.size(), 1u);
}

TEST_F(KerasFolder, a_saved_model_is_refused) {
  write_file(folder_ / "saved_model.pb", std::string_view("x"));
  EXPECT_THAT(error(), HasSubstr("TensorFlow SavedModel"));
}

TEST_F(KerasFolder, another_folder_is_no_model) {
  EXPECT_THAT(error(), HasSubstr("no config.json"));
}

TEST(ReadKeras, a_missing_file_is_named) {
  EXPECT_THAT(thrown_message(ErrorCode::io, [] { read_keras(fs::path("/nowhere/model.keras")); }),
              HasSubstr("/nowhere/model.keras"));
}

}  // namespace
}  // namespace litesmith
