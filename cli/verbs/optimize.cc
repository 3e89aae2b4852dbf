// litesmith optimize: the main job.
#include "optimize/optimize.h"

#include "verbs/options.h"
#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class OptimizeVerb : public Verb {
 public:
  std::string_view name() const override { return "optimize"; }
  std::string_view summary() const override {
    return "Make LiteRT files in all five modes and the table that judges them";
  }
  std::string_view details() const override {
    return "Writes <stem>.<mode>.tflite, table.md, results.csv, results.json and accuracy_size.svg "
           "into DIR, all or none. int8 and int16x8 measure ranges on the samples of --calibrate: "
           "take some that the model will meet, from all classes, and not those it is judged on. "
           "Accuracy needs --evaluate and --labels. Without data the other modes are made, with "
           "their sizes.";
  }
  std::string_view example() const override {
    return "litesmith optimize wake_word.keras --calibrate calibration_features.npy --evaluate "
           "test_features.npy --labels test_labels.npy --io uint8 --out out";
  }
  std::vector<Option> options() override {
    std::vector<Option> result = {
        {.name = "MODEL",
         .value = "",
         .help = "A .keras, .h5, .onnx or float .tflite file",
         .target = &model_,
         .required = true},
        {.name = "--out",
         .value = "DIR",
         .help = "The folder for the results; made when missing",
         .target = &out_,
         .required = true},
        {.name = "--calibrate",
         .value = "C.npy",
         .help = "Samples to measure ranges on (.npz by name for several inputs)",
         .target = &calibrate_},
        {.name = "--evaluate",
         .value = "X.npy",
         .help = "Samples to judge every file on",
         .target = &evaluate_},
        {.name = "--labels",
         .value = "Y.npy",
         .help = "The class number of each sample of --evaluate",
         .target = &labels_},
        {.name = "--modes",
         .value = "LIST",
         .help = "Some of float32,dynamic_range,int8,float16,int16x8",
         .target = &modes_},
        {.name = "--io",
         .value = "TYPE",
         .help = "Input and output type of the int8 file; int8 when not given",
         .target = &io_,
         .choices = {"float32", "int8", "uint8"}},
        {.name = "--calibrate-samples",
         .value = "N",
         .help = "Draw this many of the calibration samples, 0 for all; 500 when not given",
         .target = &calibration_samples_},
        {.name = "--seed",
         .value = "N",
         .help = "Seed of that draw; 1 when not given",
         .target = &seed_},
        {.name = "--stateful",
         .value = "",
         .help = "Calibration and evaluation samples are one sequence each: all are taken, in "
                 "their order, and what LSTM, SVDF or variables remember outlives a sample",
         .target = &stateful_},
        {.name = "--calibrate-labels",
         .value = "L.npy",
         .help = "Class numbers of the calibration samples, to check that no class is missing",
         .target = &calibrate_labels_},
        keep_float_option(&keep_float_),
        per_tensor_option(&per_tensor_),
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
         .help = "Show what the int8 file would score if features were cast, not quantized",
         .target = &explain_cast_},
        {.name = "--no-latency", .value = "", .help = "Measure no latency", .target = &no_latency_},
        arithmetic_option(&arithmetic_),
        threads_option(&threads_),
        json_option(&json_),
    };
    append_onnx_options(result, &onnx_);
    return result;
  }
  void run(Console& console) override {
    OptimizeOptions options{.model = model_, .load = load_options(onnx_), .out = out_};
    options.calibrate = calibrate_;
    options.calibrate_labels = calibrate_labels_;
    options.evaluate = evaluate_;
    options.labels = labels_;
    if (modes_) options.modes = modes_named(*modes_);
    options.io = dtype_named(io_);
    options.per_channel = !per_tensor_;
    options.keep_float = keep_float_;
    options.calibration_samples = calibration_samples_;
    options.seed = seed_;
    options.stateful = stateful_;
    options.arithmetic = *parse_arithmetic(arithmetic_);
    options.threshold = threshold_;
    options.positive = positive_;
    options.explain_cast = explain_cast_;
    options.latency = !no_latency_;
    options.threads = thread_count(threads_);
    options.progress = console.progress();
    const Report report = optimize(options);
    console.print(json_ ? to_json(report) : to_text(report));
  }

 private:
  std::string model_;
  std::string out_;
  std::optional<std::string> calibrate_;
  std::optional<std::string> calibrate_labels_;
  std::optional<std::string> evaluate_;
  std::optional<std::string> labels_;
  std::optional<std::string> modes_;
  std::string io_ = "int8";
  uint64_t calibration_samples_ = 500;
  uint64_t seed_ = 1;
  bool stateful_ = false;
  std::vector<std::string> keep_float_;
  bool per_tensor_ = false;
  std::optional<double> threshold_;
  std::optional<uint64_t> positive_;
  bool explain_cast_ = false;
  bool no_latency_ = false;
  std::string arithmetic_ = "litert";
  uint64_t threads_ = 0;
  OnnxArguments onnx_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_optimize() { return std::make_unique<OptimizeVerb>(); }

}  // namespace litesmith::cli
