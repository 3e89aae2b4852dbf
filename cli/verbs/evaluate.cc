// litesmith evaluate: one file judged on data.
#include "evaluate/evaluate.h"

#include <filesystem>

#include "base/error.h"
#include "base/shared_bytes.h"
#include "report/report.h"
#include "report/sha256.h"
#include "verbs/options.h"
#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class EvaluateVerb : public Verb {
 public:
  std::string_view name() const override { return "evaluate"; }
  std::string_view summary() const override { return "Judge a .tflite file on labelled samples"; }
  std::string_view details() const override {
    return "The file decides how numbers go in and come out: inputs are quantized with its own "
           "scale "
           "and zero point, outputs read with theirs. A model with one output column is binary, "
           "above 0.5. Without labels, --against tells how two files differ.";
  }
  std::string_view example() const override {
    return "litesmith evaluate wake_word.int8.tflite --data test_features.npy --labels "
           "test_labels.npy --threshold 0.8";
  }
  std::vector<Option> options() override {
    return {
        file_option(&file_),
        {.name = "--data",
         .value = "X.npy",
         .help = "Samples, first dimension first (.npz by name for several inputs)",
         .target = &data_,
         .required = true},
        {.name = "--labels",
         .value = "Y.npy",
         .help = "The class number of each sample",
         .target = &labels_},
        {.name = "--against",
         .value = "FILE",
         .help = "Another file on the same samples: agreement, lost, gained, differences",
         .target = &against_},
        {.name = "--threshold",
         .value = "P",
         .help = "Count misses and false accepts of a detector that accepts scores above P",
         .target = &threshold_},
        {.name = "--positive",
         .value = "CLASS",
         .help = "The class it detects; the second of two when not given",
         .target = &positive_},
        {.name = "--explain-cast",
         .value = "",
         .help = "Show what the file would score if features were cast, not quantized",
         .target = &explain_cast_},
        {.name = "--stateful",
         .value = "",
         .help = "Samples are one sequence: variables keep their values from one to the next",
         .target = &stateful_},
        {.name = "--no-latency", .value = "", .help = "Measure no latency", .target = &no_latency_},
        signature_option(&signature_),
        arithmetic_option(&arithmetic_),
        threads_option(&threads_),
        json_option(&json_),
    };
  }
  void run(Console& console) override;

 private:
  std::string file_;
  std::string data_;
  std::optional<std::string> labels_;
  std::optional<std::string> against_;
  std::optional<double> threshold_;
  std::optional<uint64_t> positive_;
  bool explain_cast_ = false;
  bool stateful_ = false;
  bool no_latency_ = false;
  std::optional<std::string> signature_;
  std::string arithmetic_ = "litert";
  uint64_t threads_ = 0;
  bool json_ = false;
};

void EvaluateVerb::run(Console& console) {
  if (!labels_ && !against_) {
    throw Error(ErrorCode::usage, "nothing to judge by: give --labels, or --against another file");
  }
  const Model model = read_signature(file_, signature_);
  const Dataset data = Dataset::open(data_);
  check_finite(data);
  std::optional<Labels> labels;
  if (labels_) labels = read_labels(*labels_);
  EvaluateOptions options{.arithmetic = *parse_arithmetic(arithmetic_),
                          .threads = thread_count(threads_),
                          .progress = console.progress(),
                          .stateful = stateful_,
                          .threshold = threshold_,
                          .positive = positive_,
                          .explain_cast = explain_cast_,
                          .latency = false};
  std::optional<Evaluation> reference;
  if (against_) {
    reference = with_context("'" + *against_ + "'", [&] {
      return evaluate(read_signature(*against_, signature_), data, labels ? &*labels : nullptr,
                      nullptr, options);
    });
  }
  options.latency = !no_latency_;
  ModeReport report;
  report.evaluation = evaluate(model, data, labels ? &*labels : nullptr,
                               reference ? &*reference : nullptr, options);
  report.mode = std::filesystem::path(file_).stem().string();
  report.file = std::filesystem::path(file_).filename().string();
  report.sha256 = sha256_hex(SharedBytes::map(file_).bytes);
  report.sizes = measure_sizes(file_, model);
  report.input_type = model.graph[model.graph.inputs.at(0)].dtype;
  report.output_type = model.graph[model.graph.outputs.at(0)].dtype;
  for (const std::string& note : report.evaluation->notes) console.note("note: " + note);
  if (labels) {
    for (const std::string& note : labels->notes) console.note("note: " + note);
  }
  console.print(json_ ? to_json(report) : to_text(report));
}

}  // namespace

std::unique_ptr<Verb> make_evaluate() { return std::make_unique<EvaluateVerb>(); }

}  // namespace litesmith::cli
