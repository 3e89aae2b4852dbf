// litesmith convert: one model, one mode, one file.
#include "quantize/convert.h"
#include "quantize/file_types.h"

#include <filesystem>

#include "base/error.h"
#include "base/format.h"
#include "base/shared_bytes.h"
#include "data/dataset.h"
#include "formats/tflite/read.h"
#include "formats/tflite/write.h"
#include "optimize/steps.h"
#include "optimize/warnings.h"
#include "report/report.h"
#include "report/sha256.h"
#include "verbs/options.h"
#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class ConvertVerb : public Verb {
 public:
  std::string_view name() const override { return "convert"; }
  std::string_view summary() const override { return "Make one LiteRT file in one mode"; }
  std::string_view details() const override {
    return "int8 and int16x8 need ranges: measured on --calibrate, or carried by a float .tflite "
           "that --calibrate-only wrote; a Keras model that tfmot trained with quantization has "
           "learned those for int8. What stays in float is printed with the reason.";
  }
  std::string_view example() const override {
    return "litesmith convert wake_word.keras -o wake_word.tflite --mode int8 --calibrate "
           "calibration_features.npy --input-type uint8 --output-type uint8";
  }
  std::vector<Option> options() override {
    std::vector<std::string> modes;
    for (const Mode mode : all_modes()) modes.emplace_back(to_string(mode));
    std::vector<std::string> targets;
    for (const ConvertTarget each : all_convert_targets()) targets.emplace_back(to_string(each));
    std::vector<Option> result = {
        {.name = "MODEL",
         .value = "",
         .help = "A .keras, .h5, .onnx or float .tflite file",
         .target = &model_,
         .required = true},
        {.name = "-o,--output",
         .value = "OUT.tflite",
         .help = "The file to write",
         .target = &output_,
         .required = true},
        {.name = "--mode",
         .value = "MODE",
         .help = "How to quantize; float32 when not given",
         .target = &mode_,
         .choices = modes},
        {.name = "--target",
         .value = "RUNTIME",
         .help = "The runtime the file is for; litert when not given. tflm makes UNIDIRECTIONAL_"
                 "SEQUENCE_LSTM integer in int16x8, too: TFLite Micro runs that, LiteRT does not",
         .target = &target_,
         .choices = targets},
        {.name = "--calibrate",
         .value = "C.npy",
         .help = "Samples to measure ranges on (.npz by name for several inputs)",
         .target = &calibrate_},
        {.name = "--calibrate-samples",
         .value = "N",
         .help = "Draw this many of them, 0 for all; 500 when not given",
         .target = &calibration_samples_},
        {.name = "--seed",
         .value = "N",
         .help = "Seed of that draw; 1 when not given",
         .target = &seed_},
        {.name = "--stateful",
         .value = "",
         .help = "The samples are one sequence: all are taken, in their order, and what LSTM or "
                 "SVDF remember outlives a sample",
         .target = &stateful_},
        {.name = "--input-type",
         .value = "TYPE",
         .help = "Of the file's inputs; float32 when not given, an int8 file's own",
         .target = &input_type_,
         .choices = {"float32", "int8", "uint8", "int16"}},
        {.name = "--output-type",
         .value = "TYPE",
         .help = "Of the file's outputs; float32 when not given, an int8 file's own",
         .target = &output_type_,
         .choices = {"float32", "int8", "uint8", "int16"}},
        per_tensor_option(&per_tensor_),
        keep_float_option(&keep_float_),
        {.name = "--calibrate-only",
         .value = "",
         .help = "Write the float model with the measured ranges, to be converted later",
         .target = &calibrate_only_},
        threads_option(&threads_),
        json_option(&json_),
    };
    append_onnx_options(result, &onnx_);
    return result;
  }
  void run(Console& console) override;

 private:
  Model calibrated(Model model, Console& console, std::vector<std::string>& warnings) const;

  std::string model_;
  std::string output_;
  std::string mode_ = "float32";
  std::string target_ = "litert";
  std::optional<std::string> calibrate_;
  uint64_t calibration_samples_ = 500;
  uint64_t seed_ = 1;
  std::optional<std::string> input_type_;
  std::optional<std::string> output_type_;
  bool per_tensor_ = false;
  std::vector<std::string> keep_float_;
  bool calibrate_only_ = false;
  bool stateful_ = false;
  uint64_t threads_ = 0;
  OnnxArguments onnx_;
  bool json_ = false;
};

Model ConvertVerb::calibrated(Model model, Console& console,
                              std::vector<std::string>& warnings) const {
  if (!calibrate_) {
    if (calibrate_only_) throw Error(ErrorCode::usage, "--calibrate-only needs --calibrate");
    const Mode mode = mode_named(mode_);
    const bool learned = mode == Mode::int8 && has_learned_ranges(model);
    if (needs_calibration(mode) && !has_ranges(model) && !learned && !is_quantized(model)) {
      throw Error(ErrorCode::usage,
                  "mode " + mode_ + " needs samples to measure ranges on: give --calibrate");
    }
    return model;
  }
  if (sniff_model(model_) == ModelFormat::tflite) require_float(model);
  const Dataset all = Dataset::open(*calibrate_);
  const Dataset data =
      calibration_samples_ == 0 || stateful_ ? all : all.draw(calibration_samples_, seed_);
  check_finite(data);
  if (data.size() < all.size()) {
    console.note("note: drew " + plural(data.size(), "sample") + " of " + with_commas(all.size()) +
                 " with seed " + std::to_string(seed_));
  }
  if (const auto warning = warn_of_few_samples(data.size())) warnings.push_back(*warning);
  return calibrate_on(
      model, data,
      {.threads = thread_count(threads_), .stateful = stateful_, .progress = console.progress()});
}

void ConvertVerb::run(Console& console) {
  ModeReport report;
  report.mode = calibrate_only_ ? "calibrated float32" : mode_;
  Model model = load_for_conversion(model_, load_options(onnx_), &report.warnings);
  const auto type_of = [](const std::optional<std::string>& name) {
    return name ? std::optional(dtype_named(*name)) : std::nullopt;
  };
  const bool types_only = sniff_model(model_) == ModelFormat::tflite && mode_ == "int8" &&
                          (input_type_ || output_type_) && is_integer_model(model);
  if (types_only) {
    model = with_file_types(model, {type_of(input_type_), type_of(output_type_)}, report.warnings);
    const auto first = [&](const std::vector<ValueId>& ids) {
      return ids.empty() ? DType::float32 : model.graph[ids[0]].dtype;
    };
    report.input_type = first(model.graph.inputs);
    report.output_type = first(model.graph.outputs);
  } else {
    model = calibrated(std::move(model), console, report.warnings);
  }
  if (!calibrate_only_ && !types_only) {
    const ConvertOptions options{.mode = mode_named(mode_),
                                 .target = convert_target_named(target_),
                                 .input_type = type_of(input_type_).value_or(DType::float32),
                                 .output_type = type_of(output_type_).value_or(DType::float32),
                                 .per_channel = !per_tensor_,
                                 .keep_float = keep_float_,
                                 .keep_quantized = sniff_model(model_) != ModelFormat::tflite};
    ConvertNotes notes;
    model = convert(model, options, notes);
    report.kept_float = std::move(notes.kept_float);
    report.learned = std::move(notes.learned);
    report.warnings.insert(report.warnings.end(), notes.warnings.begin(), notes.warnings.end());
    report.input_type = options.input_type;
    report.output_type = options.output_type;
  }
  write_tflite(model, output_);
  model = {};  // its weights need not stay while the file is measured
  report.file = std::filesystem::path(output_).filename().string();
  std::error_code ignored;
  if (std::filesystem::is_regular_file(output_, ignored)) {
    if (json_) report.sha256 = sha256_hex(SharedBytes::map(output_).bytes);
    report.sizes = measure_sizes(output_, read_tflite(output_));
  }
  if (json_) {
    console.print(to_json(report));
    return;
  }
  for (const std::string& warning : report.warnings) console.warn(warning);
  report.warnings.clear();
  console.print(to_text(report));
  if (!report.learned.empty()) console.print(report.learned + "\n");
  for (const std::string& line : report.kept_float) console.print("kept in float: " + line + "\n");
}

}  // namespace

std::unique_ptr<Verb> make_convert() { return std::make_unique<ConvertVerb>(); }

}  // namespace litesmith::cli
