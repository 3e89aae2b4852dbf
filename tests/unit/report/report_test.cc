#include "report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "base/format.h"
#include "report/sha256.h"

namespace litesmith {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// `correct` of `n` samples right, all of two classes.
Evaluation evaluation(size_t correct, size_t n) {
  Evaluation e;
  e.n = n;
  e.confusion = ConfusionMatrix{2,
                                {correct / 2, n / 2 - correct / 2,
                                 n - n / 2 - (correct - correct / 2), correct - correct / 2}};
  e.agreement = Agreement{.n = n, .same = n - 3, .lost = 2, .gained = 1};
  e.latency = Latency{.median_us = 41.3, .p95_us = 44, .runs = 200};
  return e;
}

ModeReport mode(std::string name, size_t bytes, size_t correct) {
  ModeReport report;
  report.mode = name;
  report.file = "wake_word." + name + ".tflite";
  report.sha256 = "00ff";
  report.sizes = {.file_bytes = bytes, .data_bytes = bytes - 2000, .arena_bytes = 22528};
  report.evaluation = evaluation(correct, 1000);
  return report;
}

Report five_modes() {
  Report report;
  report.title = "wake_word";
  report.model = {.name = "wake_word.keras", .sha256 = "ab12"};
  report.arithmetic = "litert";
  report.calibration = Calibration{{"calibration.npy", "cd", 300}, 300, 1};
  report.evaluation_data = SourceFile{"test.npy", "ef", 1000};
  report.modes = {mode("float32", 82944, 936), mode("dynamic_range", 23800, 936),
                  mode("int8", 23100, 935), mode("float16", 43000, 936),
                  mode("int16x8", 23500, 934)};
  report.modes[2].input_type = report.modes[2].output_type = DType::uint8;
  report.modes[2].evaluation->cast = CastScore{.input = "x",
                                               .type = DType::uint8,
                                               .scale = 0.5f,
                                               .zero_point = 83,
                                               .n = 1000,
                                               .correct = 497};
  report.warnings = {"calibration and evaluation data are the same"};
  return report;
}

TEST(Format, numbers_have_one_spelling) {
  EXPECT_EQ(fixed(1.005, 2), "1.00");
  EXPECT_EQ(fixed(-0.001, 2), "0.00");
  EXPECT_EQ(fixed(-0.5, 1), "-0.5");
  EXPECT_EQ(fixed(std::numeric_limits<double>::infinity(), 1), "inf");
  EXPECT_EQ(shortest(0.1f), shortest(static_cast<double>(0.1f)));
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(1234567), "1,234,567");
  EXPECT_EQ(kilobytes(82944), "82.9 kB");
  EXPECT_EQ(percent(0.93617), "93.62%");
  EXPECT_EQ(plural(1, "sample"), "1 sample");
  EXPECT_EQ(plural(2000, "sample"), "2,000 samples");
}

TEST(Format, tables_line_up_by_characters_not_bytes) {
  EXPECT_EQ(aligned({{"a", "µs"}, {"bbb", "1–2"}}, {true, false}), "a     µs\nbbb  1–2\n");
  EXPECT_EQ(markdown_table({{"a", "b"}, {"x|y", "1"}}, {true, false}),
            "| a | b |\n|---|---:|\n| x\\|y | 1 |\n");
}

TEST(Report, the_terminals_table_has_a_row_a_mode) {
  const std::string text = to_text(five_modes());
  EXPECT_THAT(text, HasSubstr("mode           I/O         bytes (kB)  accuracy  right"));
  EXPECT_THAT(text, HasSubstr("int8           uint8    23,100 (23.1)    93.50%    935"));
  EXPECT_THAT(text, HasSubstr("41.3 / 44.0"));
  EXPECT_THAT(text, HasSubstr("warning: calibration and evaluation data are the same"));
  EXPECT_THAT(text, HasSubstr("n = 1,000 samples of test.npy"));
  EXPECT_THAT(text, HasSubstr("300 samples of calibration.npy"));
}

TEST(Report, a_cast_is_explained_with_its_score) {
  EXPECT_THAT(
      to_text(five_modes()),
      HasSubstr("int8: cast with x.astype('uint8') instead of the file's scale 0.5 and zero "
                "point 83, the same file scores 49.70% (497 of 1,000)"));
}

TEST(Report, without_data_there_are_only_sizes) {
  Report report = five_modes();
  report.evaluation_data.reset();
  for (ModeReport& each : report.modes) each.evaluation.reset();
  const std::string text = to_text(report);
  EXPECT_THAT(text, HasSubstr("82,944"));
  EXPECT_THAT(text, Not(HasSubstr("accuracy")));
  EXPECT_FALSE(to_svg(report).has_value());
}

TEST(Report, markdown_is_a_table_and_a_list) {
  EXPECT_THAT(to_markdown(five_modes()),
              AllOf(HasSubstr("# wake_word\n\n| mode | I/O | bytes (kB) |"),
                    HasSubstr("| float32 | float32 | 82,944 (82.9) | 93.60% | 936 |"),
                    HasSubstr("\n- **Warning:** calibration and")));
}

TEST(Report, csv_has_a_line_a_mode_and_empty_cells_for_what_was_not_measured) {
  Report report = five_modes();
  report.modes[1].evaluation.reset();
  report.modes[2].output_type = DType::float32;
  const std::string csv = to_csv(report);
  EXPECT_THAT(csv,
              HasSubstr("\nfloat32,wake_word.float32.tflite,float32,82944,80944,0.936,1000,936,"));
  EXPECT_THAT(csv, HasSubstr("\ndynamic_range,wake_word.dynamic_range.tflite,float32,23800,21800,"
                             ",,,,,,,,,,22528\n"));
  EXPECT_THAT(csv, HasSubstr(",\"uint8 in, float32 out\","));
}

TEST(Report, json_has_the_promised_fields) {
  const auto json = nlohmann::json::parse(to_json(five_modes()));
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["model"]["sha256"], "ab12");
  EXPECT_TRUE(json["versions"].contains("commit"));
  ASSERT_EQ(json["modes"].size(), 5u);
  for (const auto& each : json["modes"]) {
    for (const char* field :
         {"mode", "file", "io_type", "file_bytes", "data_bytes", "accuracy", "n", "correct",
          "interval", "lost", "gained", "agreement", "latency_us", "arena_bytes"}) {
      EXPECT_TRUE(each.contains(field)) << field;
    }
  }
  const auto& int8 = json["modes"][2];
  EXPECT_EQ(int8["io_type"], "uint8");
  EXPECT_EQ(int8["accuracy"], 0.935);
  EXPECT_EQ(int8["correct"], 935);
  EXPECT_EQ(int8["n"], 1000);
  EXPECT_EQ(int8["lost"], 2);
  EXPECT_EQ(int8["agreement"], 0.997);
  EXPECT_EQ(int8["latency_us"]["median"], 41.3);
  EXPECT_LT(int8["interval"][0], 0.935);
  EXPECT_GT(int8["interval"][1], 0.935);
  EXPECT_EQ(int8["cast"]["accuracy"], 0.497);
}

TEST(Report, json_survives_names_that_are_no_text) {
  Report report = five_modes();
  report.warnings = {"\xff\xfe \x01"};
  EXPECT_TRUE(nlohmann::json::accept(to_json(report)));
}

TEST(Report, unmeasured_fields_are_null_in_json) {
  Report report = five_modes();
  report.modes[0].evaluation.reset();
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_TRUE(json["modes"][0]["accuracy"].is_null());
  EXPECT_TRUE(json["modes"][0]["latency_us"].is_null());
}

size_t count(const std::string& text, const std::string& piece) {
  size_t found = 0;
  for (size_t at = 0; (at = text.find(piece, at)) != std::string::npos; ++at) ++found;
  return found;
}

TEST(Svg, has_a_point_a_bar_and_a_label_for_each_mode_and_never_changes) {
  const std::string svg = *to_svg(five_modes());
  EXPECT_EQ(count(svg, "<circle"), 5u);
  for (const char* label : {">int8<", ">23.1 kB, 93.50%<", ">float32<", ">82.9 kB, 93.60%<"}) {
    EXPECT_THAT(svg, HasSubstr(label));
  }
  EXPECT_THAT(svg, HasSubstr("without its scale and zero point: 49.70%."));
  EXPECT_EQ(svg, *to_svg(five_modes()));
}

TEST(Svg, titles_cannot_break_out_of_the_picture) {
  Report report = five_modes();
  report.title = "<script>&\"";
  EXPECT_THAT(*to_svg(report), AllOf(Not(HasSubstr("<script>")), HasSubstr("&lt;script&gt;&amp;")));
}

TEST(Svg, one_mode_that_is_always_right_still_has_axes) {
  Report report = five_modes();
  report.modes.resize(1);
  report.modes[0].evaluation = evaluation(1000, 1000);
  const std::string svg = *to_svg(report);
  EXPECT_EQ(count(svg, "<circle"), 1u);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf\"")));
}

TEST(Comparison, is_a_table_with_the_worst_first) {
  Comparison comparison;
  comparison.samples = 10;
  LayerDifference layer;
  layer.name = "conv";
  layer.op = "CONV_2D";
  layer.dtype = DType::int8;
  layer.max_error = 0.5;
  layer.rms_error = 0.125;
  layer.sqnr_db = 28.25;
  layer.cosine = 0.999;
  comparison.layers = {layer, layer};
  comparison.layers[1].sqnr_db = std::numeric_limits<double>::infinity();
  const std::string text = to_text(comparison, 0);
  EXPECT_THAT(text, HasSubstr("conv    CONV_2D  int8        0.5      0.125     28.2  0.999000"));
  EXPECT_THAT(to_text(comparison, 1), HasSubstr("(1 better tensor not shown)"));
  const auto json = nlohmann::json::parse(to_json(comparison));
  EXPECT_EQ(json["layers"][0]["sqnr_db"], 28.25);
  EXPECT_TRUE(json["layers"][1]["sqnr_db"].is_null());
}

TEST(ModeText, says_everything_about_one_file) {
  ModeReport report = mode("int8", 23100, 935);
  report.evaluation->detection = Detection{.positive_class = 1,
                                           .threshold = 0.7,
                                           .positives = 500,
                                           .misses = 12,
                                           .negatives = 500,
                                           .false_accepts = 3};
  const std::string text = to_text(report);
  EXPECT_THAT(text, HasSubstr("accuracy 93.50%: 935 of 1,000 right, 95% interval"));
  EXPECT_THAT(text, HasSubstr("class 1 above 0.7: 12 of 500 missed, 3 of 500 falsely accepted"));
  EXPECT_THAT(text, HasSubstr("true \\ predicted"));
  EXPECT_THAT(text, HasSubstr("recall"));
}

// FIPS 180-2, appendix B.
TEST(Sha256, gives_the_standards_digests) {
  EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::string abc = "abc";
  EXPECT_EQ(sha256_hex(std::as_bytes(std::span(abc.data(), abc.size()))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace litesmith
