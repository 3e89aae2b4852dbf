// What the verbs do when all is well.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "formats/npy/npz.h"
#include "formats/npy/write.h"
#include "formats/tflite/write.h"
#include "program.h"
#include "samples.h"
#include "testing/scores.h"

namespace litesmith {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::vector<std::string> kVerbs = {"optimize",  "convert", "evaluate", "compare", "run",
                                         "benchmark", "inspect", "lint",     "analyze", "help"};

TEST(Help, lists_every_verb_and_the_exit_codes) {
  for (const auto& words : {std::vector<std::string>{}, {"--help"}, {"-h"}, {"help"}}) {
    const Outcome outcome = call(words);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.err, IsEmpty());
    for (const std::string& verb : kVerbs) EXPECT_THAT(outcome.out, HasSubstr("\n  " + verb));
    EXPECT_THAT(outcome.out, HasSubstr("3  a file or folder cannot be read or written"));
  }
}

TEST(Help, every_verb_shows_its_options_and_an_example) {
  for (const std::string& verb : kVerbs) {
    const Outcome outcome = call({verb, "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Usage: litesmith " + verb));
    EXPECT_THAT(outcome.out, HasSubstr("Example:\n  litesmith " + verb));
  }
}

TEST(Help, lines_fit_into_a_hundred_columns) {
  for (const std::string& verb : kVerbs) {
    std::istringstream lines(call({verb, "--help"}).out);
    for (std::string line; std::getline(lines, line) && line != "Example:";) {
      EXPECT_LE(line.size(), 100u) << line;
    }
  }
}

// Write it with: litesmith help --markdown > docs/cli.md
TEST(Help, docs_are_what_the_program_says) {
  EXPECT_EQ(content(std::filesystem::path(LITESMITH_SOURCE_DIR) / "docs/cli.md"),
            call({"help", "--markdown"}).out);
}

TEST(Version, names_version_commit_compiler_and_instruction_set) {
  const Outcome outcome = call({"--version"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, StartsWith("litesmith 0."));
  for (const char* piece : {"\ncommit ", "\ncompiler ", "\ninstruction set "}) {
    EXPECT_THAT(outcome.out, HasSubstr(piece));
  }
}

std::vector<float> floats_in(const std::string& path) {
  const auto arrays = read_arrays(path);
  std::vector<float> values(arrays.at(0).array.element_count());
  read_floats(arrays[0].array, 0, values);
  return values;
}

TEST(Run, writes_the_outputs_of_every_sample) {
  const Samples s;
  const Outcome outcome =
      call({"run", s / "net.tflite", "--input", s / "x.npy", "--output", s / "o.npy"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(floats_in(s / "o.npy"), floats_in(s / "x.npy"));
  EXPECT_THAT(read_npy(s / "o.npy").shape, ElementsAre(40, 3));
}

TEST(Run, integers_stay_integers_unless_real_numbers_are_asked_for) {
  const Samples s;
  write_tflite(scores_model(3, DType::int8, {{1.0f / 128}, {0}, 0}), s / "int8.tflite");
  EXPECT_EQ(
      call({"run", s / "int8.tflite", "--input", s / "x.npy", "--output", s / "o.npy"}).exit_code,
      0);
  EXPECT_EQ(read_npy(s / "o.npy").dtype, DType::int8);
  EXPECT_EQ(call({"run", s / "int8.tflite", "--input", s / "x.npy", "--output", s / "r.npy",
                  "--dequantize"})
                .exit_code,
            0);
  const auto real = floats_in(s / "r.npy");
  const auto x = floats_in(s / "x.npy");
  // Half a step, except for values above 127 steps, which saturate.
  for (size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(real[i], std::min(x[i], 127.0f / 128), 0.5f / 128);
}

TEST(Run, inner_tensors_come_by_name_by_number_or_all) {
  const Samples s;
  for (const char* tensor : {"x", "0"}) {
    EXPECT_EQ(call({"run", s / "net.tflite", "--input", s / "x.npy", "--output", s / "o.npy",
                    "--tensor", tensor})
                  .exit_code,
              0);
    EXPECT_THAT(read_npy(s / "o.npy").shape, ElementsAre(40, 3, 1));
  }
  EXPECT_EQ(
      call({"run", s / "net.tflite", "--input", s / "x.npy", "--all-tensors", s / "all"}).exit_code,
      0);
  EXPECT_THAT(tree(s / "all"), ElementsAre("0.x.npy", "2.y.npy"));
}

TEST(Run, an_archive_holds_outputs_by_their_names_in_the_signature) {
  const Samples s;
  EXPECT_EQ(
      call({"run", s / "net.tflite", "--input", s / "x.npy", "--output", s / "o.npz"}).exit_code,
      0);
  EXPECT_EQ(read_arrays(s / "o.npz").at(0).name, "scores");
}

TEST(Run, what_was_understood_is_said_on_stderr) {
  const Samples s;
  s.write("flat.npy", npy("<f4", "(1, 3)", std::string(12, '\0')));
  const Outcome outcome =
      call({"run", s / "net.tflite", "--input", s / "flat.npy", "--output", s / "o.npy"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("note: samples of shape [3]"));
  EXPECT_THAT(outcome.out, IsEmpty());
}

TEST(Run, an_interrupt_ends_it_with_its_own_code_and_leaves_no_file) {
  const Samples s;
  constexpr int64_t kMany = 4'000'000;
  const std::vector<int64_t> shape = {kMany, 3};
  write_npy(s / "many.npy", DType::int8, shape, std::vector<std::byte>(kMany * 3));
  const auto before = tree(s.path());
  Running running({"run", s / "net.tflite", "--input", s / "many.npy", "--output", s / "o.npy",
                   "--threads", "1"});
  // The temporary file shows that the work has begun.
  for (int i = 0; i < 1000 && tree(s.path()) == before; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  running.interrupt();
  EXPECT_EQ(running.wait(), 8);
  EXPECT_EQ(tree(s.path()), before);
}

TEST(Evaluate, prints_the_figures_or_json) {
  const Samples s;
  const std::vector<std::string> words = {"evaluate",  s / "net.tflite", "--data",
                                          s / "x.npy", "--labels",       s / "y.npy"};
  const Outcome text = call(words);
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("of 40 right, 95% interval"), HasSubstr("recall"),
                              HasSubstr("latency")));
  auto with_json = words;
  with_json.emplace_back("--json");
  const auto json = nlohmann::json::parse(call(with_json).out);
  // What the file's scores, which are its inputs, make of it.
  const auto x = floats_in(s / "x.npy");
  int correct = 0;
  for (size_t i = 0; i < 40; ++i) {
    const auto row = x.begin() + static_cast<ptrdiff_t>(3 * i);
    correct += std::max_element(row, row + 3) - row == static_cast<ptrdiff_t>(i % 3) ? 1 : 0;
  }
  EXPECT_EQ(json["correct"], correct);
  EXPECT_EQ(json["n"], 40);
  EXPECT_EQ(json["file"], "net.tflite");
  EXPECT_TRUE(json["lost"].is_null());
}

TEST(Evaluate, against_another_file_without_labels) {
  const Samples s;
  write_tflite(scores_model(3, DType::int8, {{0.25f}, {0}, 0}), s / "coarse.tflite");
  const Outcome outcome = call({"evaluate", s / "coarse.tflite", "--data", s / "x.npy", "--against",
                                s / "net.tflite", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_GT(json["agreement"], 0.5);
  EXPECT_GT(json["difference"]["max"], 0.05);
  EXPECT_LE(json["difference"]["max"], 0.1251);
  EXPECT_TRUE(json["accuracy"].is_null());
}

TEST(Compare, prints_a_table_or_json) {
  const Samples s;
  write_tflite(scores_model(3, DType::int8, {{0.25f}, {0}, 0}), s / "coarse.tflite");
  const std::vector<std::string> words = {"compare", s / "net.tflite", s / "coarse.tflite",
                                          "--data", s / "x.npy"};
  EXPECT_THAT(call(words).out, AllOf(HasSubstr("SQNR dB"), HasSubstr("RESHAPE")));
  auto with_json = words;
  with_json.emplace_back("--json");
  const auto json = nlohmann::json::parse(call(with_json).out);
  EXPECT_EQ(json["layers"].size(), 2u);
  EXPECT_EQ(json["samples"], 40);
}

TEST(Convert, says_what_stayed_in_float_and_why) {
  const Samples s;
  const Outcome outcome = call({"convert", s / "wake_word.keras", "-o", s / "a.tflite", "--mode",
                                "dynamic_range", "--keep-float", "FULLY_CONNECTED"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("kept in float: CONV_2D weights 'conv2d/kernel': 288 "
                                     "elements, fewer than the 1024"));
  EXPECT_THAT(outcome.out, HasSubstr("kept in float: FULLY_CONNECTED weights"));
  const auto json = nlohmann::json::parse(
      call({"convert", s / "wake_word.keras", "-o", s / "a.tflite", "--mode", "float16", "--json"})
          .out);
  EXPECT_EQ(json["mode"], "float16");
  EXPECT_EQ(json["file_bytes"], std::filesystem::file_size(s / "a.tflite"));
}

TEST(Convert, the_same_input_gives_the_same_bytes) {
  const Samples s;
  for (const char* name : {"a.tflite", "b.tflite"}) {
    EXPECT_EQ(call({"convert", s / "wake_word.keras", "-o", s / name}).exit_code, 0);
  }
  EXPECT_EQ(content(s / "a.tflite"), content(s / "b.tflite"));
}

TEST(Inspect, shows_ops_and_the_input_that_never_matters_as_text_or_json) {
  const Samples s;
  const Outcome text = call({"inspect", s / "wake_word.keras"});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("CONV_2D"), HasSubstr("20,226")));
  const auto json =
      nlohmann::json::parse(call({"inspect", s / "wake_word.keras", "--weights", "--json"}).out);
  EXPECT_EQ(json["parameters"], 20226);
  // VALID pooling drops three of the thirteen coefficients, and frames of the end.
  const auto& unreached = json["unreached"];
  const auto coefficients = std::find_if(unreached.begin(), unreached.end(),
                                         [](const auto& each) { return each["size"] == 13; });
  ASSERT_NE(coefficients, unreached.end());
  EXPECT_EQ((*coefficients)["indices"], (std::vector<int>{10, 11, 12}));
  EXPECT_TRUE(json["constants"][0].contains("statistics"));
  EXPECT_EQ(call({"inspect", s / "net.tflite"}).exit_code, 0);
}

TEST(Inspect, judges_a_file_by_what_it_holds_and_not_by_its_name) {
  const Samples s;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"float32", "all its numbers are float32: float32, "},
      {"dynamic_range", "its weights are int8: dynamic range: "},
      {"float16", "its weights are float16: float16 weights, "},
      {"int8", "its activations are int8: full integer int8, float32 in and out, per-channel"},
      {"int16x8", "its activations are int16: full integer 16x8: int16 activations, int8 weights"}};
  for (const auto& [mode, truth] : cases) {
    // A name that claims something else, and a copy that claims nothing.
    const std::string lie = mode == "float32" ? "int8" : mode == "float16" ? "int8" : "float32";
    const std::string named = s / "net." + lie + ".tflite";
    ASSERT_EQ(call({"convert", s / "wake_word.keras", "-o", named, "--mode", mode, "--calibrate",
                    s / "features.npy"})
                  .exit_code,
              0);
    EXPECT_THAT(call({"inspect", named}).out, HasSubstr("named " + lie + ", but " + truth));
    std::filesystem::copy_file(named, s / mode);
    const Outcome copy = call({"inspect", s / mode});
    EXPECT_THAT(copy.out, Not(HasSubstr("named ")));
    EXPECT_THAT(copy.out, HasSubstr("\n" + truth.substr(truth.find(": ") + 2)));
  }
}

TEST(Inspect, json_carries_the_verdict) {
  const Samples s;
  const auto json = nlohmann::json::parse(call({"inspect", s / "net.tflite", "--json"}).out);
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["verdict"]["scheme"], "float32");
  EXPECT_EQ(json["verdict"]["oldest_runtime"], "1.5");
}

// Runs the program with a PATH that has nothing but `folder`.
Outcome call_with_path(const std::string& folder, const std::vector<std::string>& arguments) {
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", folder.c_str(), 1);
  Outcome outcome = call(arguments);
  ::setenv("PATH", before.c_str(), 1);
  return outcome;
}

TEST(Inspect, draws_the_graph_with_the_dot_it_finds) {
  const Samples s;
  std::filesystem::create_directory(s / "bin");
  s.write("bin/dot", "#!/bin/sh\nwhile read -r line; do echo \"$line\"; done\n");
  std::filesystem::permissions(s / "bin/dot", std::filesystem::perms::owner_all);
  const Outcome outcome =
      call_with_path(s / "bin", {"inspect", s / "wake_word.keras", "--graph", s / "graph.svg"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(content(s / "graph.svg"),
              AllOf(StartsWith("digraph model {"), HasSubstr("CONV_2D v1"), HasSubstr(" -> ")));
}

TEST(Inspect, without_dot_there_is_a_reason_and_no_picture) {
  const Samples s;
  std::filesystem::create_directory(s / "bin");
  const auto graph = [&] {
    return call_with_path(s / "bin", {"inspect", s / "net.tflite", "--graph", s / "graph.svg"});
  };
  Outcome outcome = graph();
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("drawing needs the program dot of Graphviz: cannot run"));
  s.write("bin/dot", "#!/bin/sh\necho half a picture\necho it broke >&2\nexit 1\n");
  std::filesystem::permissions(s / "bin/dot", std::filesystem::perms::owner_all);
  outcome = graph();
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("'dot' failed: it broke"));
  EXPECT_FALSE(std::filesystem::exists(s / "graph.svg"));
}

TEST(Analyze, prints_the_analyzers_text) {
  const Samples s;
  const Outcome outcome = call({"analyze", s / "net.tflite"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(StartsWith("=== "), HasSubstr("Op#0 RESHAPE(T#0, T#1[-1, 3])")));
}

TEST(Optimize, without_data_writes_three_modes_and_says_what_to_add) {
  const Samples s;
  const Outcome outcome = call({"optimize", s / "wake_word.keras", "--out", s / "out"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(tree(s / "out"), ElementsAre("results.csv", "results.json", "table.md",
                                           "wake_word.dynamic_range.tflite",
                                           "wake_word.float16.tflite", "wake_word.float32.tflite"));
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("add --calibrate"), HasSubstr("float16")));
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST(Optimize, json_on_the_screen_is_json_in_the_file) {
  const Samples s;
  const Outcome outcome = call({"optimize", s / "wake_word.keras", "--out", s / "out", "--json"});
  EXPECT_EQ(outcome.out, content(s / "out/results.json"));
}

TEST(Benchmark, json_has_the_documented_keys) {
  const Samples samples;
  const Outcome outcome = call({"benchmark", samples / "net.tflite", "--rounds", "1", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json.at("schema_version"), 1);
  EXPECT_EQ(json.at("file"), "net.tflite");
  EXPECT_GT(json.at("latency_us").at("median"), 0);
  EXPECT_GE(json.at("latency_us").at("p95"), json.at("latency_us").at("median"));
  EXPECT_EQ(json.at("share_of_peak"), 0) << "it multiplies nothing";
  EXPECT_EQ(json.at("ops").at(0).at("op"), "RESHAPE");
  EXPECT_GT(json.at("arena_bytes"), 0);
  EXPECT_EQ(json.at("peers").size(), 0u);
}

TEST(Benchmark, refuses_what_it_cannot_measure_against) {
  const Samples samples;
  const std::string model = samples / "net.tflite";
  const struct {
    std::vector<std::string> words;
    int exit_code;
    std::string message;
  } rows[] = {
      {{"--against", "tflite"}, 2, "try litert or onnxruntime"},
      {{"--against", "onnxruntime"}, 2, "--onnx FILE.onnx"},
      {{"--against", "litert", "--litert-library", "/no/such.so"}, 3, "/no/such.so"},
      {{"--against", "litert", "--litert-library", model}, 5, "LiteRT does not run"},
      {{"--isa", "avx3"}, 2, "no instruction set 'avx3'"},
      {{"--rounds", "0"}, 2, "at least 1"},
  };
  for (const auto& row : rows) {
    std::vector<std::string> words = {"benchmark", model};
    words.insert(words.end(), row.words.begin(), row.words.end());
    const Outcome outcome = call(words);
    EXPECT_EQ(outcome.exit_code, row.exit_code) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(row.message));
    EXPECT_THAT(outcome.out, IsEmpty());
  }
}

}  // namespace
}  // namespace litesmith
