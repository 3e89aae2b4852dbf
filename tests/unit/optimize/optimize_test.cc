#include "optimize/optimize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/npy/write.h"
#include "formats/tflite/read.h"
#include "formats/tflite/write.h"
#include "ops/binary.h"
#include "optimize/steps.h"
#include "report/sha256.h"
#include "testing/graph_builder.h"
#include "testing/random.h"
#include "testing/scores.h"
#include "testing/temporary_folder.h"
#include "testing/text.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int64_t kColumns = 3;

// A folder with a float model whose scores are its features, and data for it.
class Optimize : public ::testing::Test {
 protected:
  Optimize() {
    write_tflite(scores_model(kColumns), folder_ / "net.tflite");
    write_samples("calibration.npy", Random(1).floats(60, 0, 1));
    write_samples("test.npy", Random(2).floats(120, 0, 1));
    std::vector<int64_t> labels;
    for (int i = 0; i < 40; ++i) labels.push_back(i % kColumns);
    write_labels("labels.npy", labels);
    options_.model = folder_ / "net.tflite";
    options_.out = folder_ / "out";
    options_.modes = std::vector<Mode>{Mode::float32, Mode::int8};
    options_.calibrate = folder_ / "calibration.npy";
    options_.evaluate = folder_ / "test.npy";
    options_.labels = folder_ / "labels.npy";
    options_.latency = false;
  }

  void write_samples(const std::string& name, const std::vector<float>& values) {
    const std::vector<int64_t> shape = {static_cast<int64_t>(values.size()) / kColumns, kColumns,
                                        1};
    write_npy(folder_ / name, DType::float32, shape, std::as_bytes(std::span(values)));
  }
  void write_labels(const std::string& name, const std::vector<int64_t>& labels) {
    const std::vector<int64_t> shape = {static_cast<int64_t>(labels.size())};
    write_npy(folder_ / name, DType::int64, shape, std::as_bytes(std::span(labels)));
  }
  std::vector<std::string> made() const {
    std::vector<std::string> names;
    if (!std::filesystem::exists(options_.out)) return names;
    for (const auto& entry : std::filesystem::directory_iterator(options_.out)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  TemporaryFolder folder_;
  OptimizeOptions options_;
};

TEST_F(Optimize, writes_a_file_a_mode_and_the_tables) {
  const Report report = optimize(options_);
  EXPECT_THAT(made(), ElementsAre("accuracy_size.svg", "net.float32.tflite", "net.int8.tflite",
                                  "results.csv", "results.json", "table.md"));
  EXPECT_EQ(report.title, "net");
  ASSERT_EQ(report.modes.size(), 2u);
  EXPECT_EQ(report.modes[1].sizes.file_bytes,
            std::filesystem::file_size(folder_ / "out/net.int8.tflite"));
  EXPECT_EQ(report.modes[1].evaluation->n, 40u);
  EXPECT_EQ(report.modes[0].evaluation->agreement->same, 40u);
  EXPECT_EQ(content(folder_ / "out/results.json"), to_json(report));
  EXPECT_EQ(content(folder_ / "out/table.md"), to_markdown(report));
}

TEST_F(Optimize, the_hash_in_the_report_is_the_files) {
  const Report report = optimize(options_);
  const std::string bytes = content(folder_ / "out/net.int8.tflite");
  EXPECT_EQ(report.modes[1].sha256,
            sha256_hex(std::as_bytes(std::span(bytes.data(), bytes.size()))));
}

TEST_F(Optimize, the_same_input_gives_the_same_files_for_any_number_of_threads) {
  options_.threads = 1;
  optimize(options_);
  const std::string int8 = content(folder_ / "out/net.int8.tflite");
  const std::string json = content(folder_ / "out/results.json");
  options_.threads = 3;
  optimize(options_);
  EXPECT_EQ(content(folder_ / "out/net.int8.tflite"), int8);
  EXPECT_EQ(content(folder_ / "out/results.json"), json);
}

TEST_F(Optimize, io_is_the_type_of_the_int8_file_only) {
  options_.io = DType::uint8;
  options_.modes = std::vector<Mode>{Mode::float32, Mode::int8};
  const Report report = optimize(options_);
  EXPECT_EQ(report.modes[0].io_type(), "float32");
  EXPECT_EQ(report.modes[1].io_type(), "uint8");
  const Model model = read_tflite(folder_ / "out/net.int8.tflite");
  EXPECT_EQ(model.graph[model.graph.inputs[0]].dtype, DType::uint8);
  EXPECT_EQ(model.graph[model.graph.outputs[0]].dtype, DType::uint8);
}

TEST_F(Optimize, without_data_it_makes_what_it_can_and_says_what_to_add) {
  options_.modes.reset();
  options_.calibrate.reset();
  options_.evaluate.reset();
  options_.labels.reset();
  const Report report = optimize(options_);
  ASSERT_EQ(report.modes.size(), 3u);
  EXPECT_EQ(report.modes[0].mode, "float32");
  EXPECT_EQ(report.modes[1].mode, "dynamic_range");
  EXPECT_EQ(report.modes[2].mode, "float16");
  EXPECT_THAT(report.notes, Contains(HasSubstr("add --calibrate")));
  EXPECT_THAT(report.notes, Contains(HasSubstr("add --evaluate")));
  EXPECT_THAT(made(), Not(Contains("accuracy_size.svg")));
}

TEST_F(Optimize, a_mode_that_was_asked_for_but_cannot_be_made_is_an_error) {
  options_.calibrate.reset();
  EXPECT_THAT(thrown_message(ErrorCode::usage, [&] { optimize(options_); }),
              HasSubstr("mode int8 needs samples to measure ranges on"));
  EXPECT_THAT(made(), IsEmpty());
}

TEST_F(Optimize, without_float32_among_the_modes_it_is_still_the_reference) {
  options_.modes = std::vector<Mode>{Mode::int8};
  const Report report = optimize(options_);
  EXPECT_GE(report.modes[0].evaluation->agreement->same, 38u);
}

TEST_F(Optimize, without_labels_there_is_agreement_but_no_accuracy) {
  options_.labels.reset();
  const Report report = optimize(options_);
  EXPECT_FALSE(report.modes[1].evaluation->confusion.has_value());
  EXPECT_TRUE(report.modes[1].evaluation->agreement.has_value());
  EXPECT_THAT(report.notes, Contains(HasSubstr("add --labels")));
}

TEST_F(Optimize, calibrating_on_the_evaluation_data_is_warned_of) {
  options_.calibrate = options_.evaluate;
  EXPECT_THAT(optimize(options_).warnings, Contains(HasSubstr("also evaluated")));
}

TEST_F(Optimize, ranges_that_do_not_cover_the_evaluation_data_are_warned_of) {
  write_samples("calibration.npy", Random(1).floats(60, 0, 0.5));
  const Report report = optimize(options_);
  EXPECT_THAT(report.warnings, Contains(HasSubstr("outside of the range")));
  ASSERT_FALSE(report.outside.empty());
  EXPECT_GT(report.outside[0].share(), 0.3);
}

TEST_F(Optimize, calibration_of_one_class_is_warned_of) {
  std::vector<float> one_class;
  for (int i = 0; i < 30; ++i) one_class.insert(one_class.end(), {1.0f, 0.0f, 0.01f * i});
  write_samples("calibration.npy", one_class);
  EXPECT_THAT(optimize(options_).warnings, Contains(HasSubstr("class 0 only")));
}

TEST_F(Optimize, calibration_labels_are_looked_at_after_the_draw) {
  std::vector<int64_t> labels(20, 0);
  labels[3] = 1;
  labels[4] = 2;
  write_labels("calibration_labels.npy", labels);
  options_.calibrate_labels = folder_ / "calibration_labels.npy";
  EXPECT_THAT(optimize(options_).warnings, Not(Contains(HasSubstr("class 0 only"))));
  labels[3] = labels[4] = 0;
  write_labels("calibration_labels.npy", labels);
  EXPECT_THAT(optimize(options_).warnings, Contains(HasSubstr("labels show class 0 only")));
}

TEST_F(Optimize, more_calibration_samples_than_needed_are_drawn_from_with_a_seed) {
  options_.calibration_samples = 5;
  const Report report = optimize(options_);
  EXPECT_EQ(report.calibration->samples_used, 5u);
  EXPECT_EQ(report.calibration->data.samples, 20u);
  EXPECT_THAT(report.notes, Contains(HasSubstr("drew 5 samples of 20 with seed 1")));
  EXPECT_THAT(report.warnings, Contains(HasSubstr("only 5 calibration samples")));
}

TEST_F(Optimize, a_failure_leaves_nothing_behind) {
  write_labels("labels.npy", std::vector<int64_t>(40, 7));
  thrown_message(ErrorCode::data, [&] { optimize(options_); });
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
}

TEST_F(Optimize, a_failure_leaves_earlier_results_as_they_were) {
  optimize(options_);
  const auto before = made();
  const std::string json = content(folder_ / "out/results.json");
  write_labels("labels.npy", std::vector<int64_t>(40, 7));
  thrown_message(ErrorCode::data, [&] { optimize(options_); });
  EXPECT_EQ(made(), before);
  EXPECT_EQ(content(folder_ / "out/results.json"), json);
}

TEST_F(Optimize, an_interrupt_at_any_stage_leaves_nothing_behind) {
  std::vector<std::string> stages;
  options_.progress = [&](std::string_view stage, size_t, size_t) {
    if (stages.empty() || stages.back() != stage) stages.emplace_back(stage);
    return true;
  };
  optimize(options_);
  std::filesystem::remove_all(folder_ / "out");
  EXPECT_THAT(stages, Contains("calibrating"));
  EXPECT_THAT(stages, Contains("writing"));
  for (const std::string& each : stages) {
    options_.progress = [&](std::string_view stage, size_t, size_t) { return stage != each; };
    thrown_message(ErrorCode::cancelled, [&] { optimize(options_); });
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out")) << each;
  }
}

TEST_F(Optimize, options_that_need_each_other_are_checked_first) {
  options_.evaluate.reset();
  EXPECT_THAT(thrown_message(ErrorCode::usage, [&] { optimize(options_); }),
              HasSubstr("give --evaluate"));
  options_.labels.reset();
  options_.threshold = 0.5;
  EXPECT_THAT(thrown_message(ErrorCode::usage, [&] { optimize(options_); }),
              HasSubstr("threshold needs labels"));
}

TEST_F(Optimize, calibrated_ranges_stay_with_a_dynamic_model) {
  const Model model = load_for_conversion(folder_ / "net.tflite");
  const Model calibrated = calibrate_on(model, Dataset::open(folder_ / "calibration.npy"), {});
  EXPECT_TRUE(has_ranges(calibrated));
  EXPECT_FALSE(has_ranges(model));
  const Value& input = calibrated.graph[calibrated.graph.inputs[0]];
  EXPECT_EQ(input.shape[0], kDynamic);
  EXPECT_GT(input.range->max, 0.9f);
}

TEST_F(Optimize, a_calibrated_file_is_not_rewritten) {
  testing::GraphBuilder b;
  const ValueId x = b.input("x", {1, 4});
  Model model = b.model({b.op(Div(), {x, b.floats({1}, {2.0f})}, "half")});
  write_tflite(model, folder_ / "float.tflite");
  const Model rewritten = load_for_conversion(folder_ / "float.tflite");
  EXPECT_EQ(rewritten.graph.nodes[0].def().name, "MUL");

  model.graph[x].range = Range{.min = -1, .max = 1};
  write_tflite(model, folder_ / "calibrated.tflite");
  const Model left = load_for_conversion(folder_ / "calibrated.tflite");
  EXPECT_EQ(left.graph.nodes[0].def().name, "DIV");
}

}  // namespace
}  // namespace litesmith
