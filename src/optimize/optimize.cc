#include "optimize/optimize.h"

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/format.h"
#include "base/output_folder.h"
#include "base/shared_bytes.h"
#include "data/feed.h"
#include "formats/tflite/read.h"
#include "formats/tflite/write.h"
#include "optimize/steps.h"
#include "optimize/warnings.h"
#include "quantize/convert.h"
#include "quantize/to_float.h"
#include "report/sha256.h"

namespace litesmith {
namespace {

std::string hash_of(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return "";
  return sha256_hex(SharedBytes::map(path).bytes);
}

// What is in memory has a name and no hash.
template <class T>
SourceFile source_file(const Given<T>& given, size_t samples = 0) {
  return {.name = given.path().filename().string(),
          .sha256 = given.in_memory() ? "" : hash_of(given.path()),
          .samples = samples};
}

// "wake_word" for "models/wake_word.keras" and for an unpacked "models/wake_word/".
std::string stem_of(const std::filesystem::path& path) {
  const auto named = path.has_filename() ? path : path.parent_path();
  const std::string stem = named.stem().string();
  return stem.empty() ? "model" : stem;
}

class Job {
 public:
  explicit Job(const OptimizeOptions& options) : options_(options) {}

  Report run() {
    check_options();
    const Model given =
        options_.model.get([&](const auto& path) { return load_model(path, options_.load); });
    const bool by_its_author =
        !options_.model.in_memory() && sniff_model(options_.model.path()) != ModelFormat::tflite;
    model_ = for_conversion(by_its_author ? given : weights_to_float(given, &report_.warnings));
    keeps_quantized_ = is_quantized(model_) && by_its_author;
    if (!keeps_quantized_) require_float(model_);
    open_data();
    choose_modes();
    describe();
    folder_.emplace(options_.out);
    calibrate_model();
    for (const Mode mode : modes_) {
      with_context("mode " + std::string(to_string(mode)), [&] { write_mode(mode); });
    }
    judge();
    write_tables();
    commit();
    return std::move(report_);
  }

 private:
  void check_options() const;
  void open_data();
  void choose_modes();
  void describe();
  void calibrate_model();
  void write_mode(Mode mode);
  void judge();
  void judge_calibration(const Evaluation& reference);
  void write_tables();
  void commit();
  void add(std::vector<std::string>& to, const std::optional<std::string>& text) {
    if (text) to.push_back(*text);
  }
  AtomicFile& new_file(const std::string& name) {
    return *files_.emplace_back(std::make_unique<AtomicFile>(options_.out / name));
  }
  EvaluateOptions evaluate_options(Mode mode) const;

  const OptimizeOptions& options_;
  Model model_;
  bool keeps_quantized_ = false;  // by its author; a .tflite has none but a converter
  std::optional<Model> calibrated_;
  std::optional<Dataset> calibration_;
  std::optional<Labels> calibration_labels_;
  std::optional<Dataset> evaluation_;
  std::optional<Labels> labels_;
  std::vector<Mode> modes_;
  std::optional<OutputFolder> folder_;              // outlives the files in it
  std::vector<std::unique_ptr<AtomicFile>> files_;  // all that is written, in order; modes first
  Report report_;
};

void Job::check_options() const {
  if (options_.labels && !options_.evaluate) {
    throw Error(ErrorCode::usage, "labels need the samples they belong to: give --evaluate");
  }
  if (options_.calibrate_labels && !options_.calibrate) {
    throw Error(ErrorCode::usage, "calibration labels need calibration data: give --calibrate");
  }
  if (options_.threshold && !options_.labels) {
    throw Error(ErrorCode::usage, "a threshold needs labels");
  }
}

// Everything from outside is read and checked before any work begins.
void Job::open_data() {
  if (options_.calibrate) {
    Dataset all = options_.calibrate->get(Dataset::open);
    const size_t wanted = options_.calibration_samples;
    calibration_ = wanted == 0 || options_.stateful ? all : all.draw(wanted, options_.seed);
    report_.calibration = Calibration{.data = source_file(*options_.calibrate, all.size()),
                                      .samples_used = calibration_->size(),
                                      .seed = options_.seed};
    check_finite(*calibration_);
    const Feed feed(*calibration_, model_);
    for (const std::string& note : feed.notes()) report_.notes.push_back("calibration: " + note);
    if (calibration_->size() < all.size()) {
      report_.notes.push_back("calibration: drew " + plural(calibration_->size(), "sample") +
                              " of " + with_commas(all.size()) + " with seed " +
                              std::to_string(options_.seed));
    }
    if (options_.calibrate_labels) {
      calibration_labels_ = options_.calibrate_labels->get(read_labels);
      check_labels(*calibration_labels_, all.size(), INT32_MAX);
    }
  }
  if (options_.evaluate) {
    evaluation_ = options_.evaluate->get(Dataset::open);
    report_.evaluation_data = source_file(*options_.evaluate, evaluation_->size());
    check_finite(*evaluation_);
    const Feed feed(*evaluation_, model_);
    for (const std::string& note : feed.notes()) report_.notes.push_back("evaluation: " + note);
  }
  if (options_.labels) {
    labels_ = options_.labels->get(read_labels);
    report_.labels = source_file(*options_.labels, labels_->size());
    for (const std::string& note : labels_->notes) report_.notes.push_back(note);
    check_labels(*labels_, evaluation_->size(), INT32_MAX);
  }
}

void Job::choose_modes() {
  if (keeps_quantized_) {
    modes_ = {Mode::int8};
    report_.notes.push_back(
        "the model was quantized by its author: the int8 file holds it as it is");
    return;
  }
  const bool can_calibrate = calibration_ || has_ranges(model_);
  const bool has_learned = has_learned_ranges(model_);
  for (const Mode mode : all_modes()) {
    const bool asked = !options_.modes || std::find(options_.modes->begin(), options_.modes->end(),
                                                    mode) != options_.modes->end();
    if (!asked) continue;
    if (!needs_calibration(mode) || can_calibrate || (mode == Mode::int8 && has_learned)) {
      modes_.push_back(mode);
    } else if (options_.modes) {
      throw Error(ErrorCode::usage, "mode " + std::string(to_string(mode)) +
                                        " needs samples to measure ranges on: give --calibrate");
    }
  }
  if (modes_.empty()) throw Error(ErrorCode::usage, "no mode was asked for");
  if (!can_calibrate && !options_.modes) {
    report_.notes.push_back(std::string(has_learned ? "int16x8 needs" : "int8 and int16x8 need") +
                            " representative samples: add --calibrate SAMPLES.npy (a hundred to a "
                            "few hundred of what the model will meet)");
  }
  if (!evaluation_) {
    report_.notes.push_back(
        "no accuracy was measured: add --evaluate SAMPLES.npy and --labels LABELS.npy");
  } else if (!labels_) {
    report_.notes.push_back(
        "without labels only agreement with float32 is known: add --labels LABELS.npy");
  }
}

void Job::describe() {
  report_.title = stem_of(options_.model.path());
  report_.model = source_file(options_.model);
  report_.arithmetic = to_string(options_.arithmetic);
}

void Job::calibrate_model() {
  const bool needed =
      std::any_of(modes_.begin(), modes_.end(), needs_calibration) && !keeps_quantized_;
  if (!needed || !calibration_) return;
  calibrated_ = calibrate_on(
      model_, *calibration_,
      {.threads = options_.threads, .stateful = options_.stateful, .progress = options_.progress});
  add(report_.warnings, warn_of_few_samples(calibration_->size()));
}

void Job::write_mode(Mode mode) {
  const bool chooses = mode == Mode::int8 && !keeps_quantized_;
  const DType io = chooses ? options_.io : DType::float32;
  const ConvertOptions convert_options{.mode = mode,
                                       .input_type = io,
                                       .output_type = io,
                                       .per_channel = options_.per_channel,
                                       .keep_float = options_.keep_float,
                                       .keep_quantized = keeps_quantized_};
  ConvertNotes notes;
  const Model converted = convert(calibrated_ ? *calibrated_ : model_, convert_options, notes);
  ModeReport& report = report_.modes.emplace_back();
  report.mode = to_string(mode);
  report.file = report_.title + "." + report.mode + ".tflite";
  report.input_type = report.output_type = io;
  report.kept_float = std::move(notes.kept_float);
  report.learned = std::move(notes.learned);
  report.warnings = std::move(notes.warnings);
  AtomicFile& file = new_file(report.file);
  tflite::write_file(to_file(converted),
                     [&](std::span<const std::byte> bytes) { file.write(bytes); });
}

EvaluateOptions Job::evaluate_options(Mode mode) const {
  return {.arithmetic = options_.arithmetic,
          .threads = options_.threads,
          .progress = options_.progress,
          .stage = "evaluating " + std::string(to_string(mode)),
          .stateful = options_.stateful,
          .threshold = options_.threshold,
          .positive = options_.positive,
          .explain_cast = options_.explain_cast && mode == Mode::int8,
          .latency = options_.latency};
}

// The figures are those of the files on the disk, read back.
void Job::judge() {
  std::optional<Evaluation> reference;
  if (evaluation_ && std::find(modes_.begin(), modes_.end(), Mode::float32) == modes_.end()) {
    ConvertNotes ignored;
    EvaluateOptions options = evaluate_options(Mode::float32);
    options.latency = false;
    reference = evaluate(convert(model_, {}, ignored), *evaluation_, labels_ ? &*labels_ : nullptr,
                         nullptr, options);
  }
  for (size_t i = 0; i < modes_.size(); ++i) {
    with_context("while evaluating '" + report_.modes[i].file + "'", [&] {
      ModeReport& report = report_.modes[i];
      const std::filesystem::path& path = files_[i]->written_to();
      const Model model = read_tflite(path);
      report.sha256 = hash_of(path);
      report.sizes = measure_sizes(path, model);
      if (!evaluation_) return;
      report.evaluation = evaluate(model, *evaluation_, labels_ ? &*labels_ : nullptr,
                                   reference ? &*reference : nullptr, evaluate_options(modes_[i]));
      if (modes_[i] == Mode::float32) {
        reference = report.evaluation;
        report.evaluation->agreement =
            agreement(reference->predicted, reference->predicted, reference->labels);
        report.evaluation->difference = Difference{};
      }
      report.evaluation->outputs = {};
    });
  }
  if (reference && calibrated_) judge_calibration(*reference);
}

void Job::judge_calibration(const Evaluation& reference) {
  add(report_.warnings, warn_of_shared_samples(*calibration_, *evaluation_));
  std::vector<int32_t> classes;
  if (calibration_labels_) {
    for (size_t i = 0; i < calibration_->size(); ++i) {
      classes.push_back(calibration_labels_->classes[calibration_->row(i)]);
    }
  } else if (labels_) {
    const Feed feed(*calibration_, model_);
    Runner runner(feed, {.threads = options_.threads,
                         .stateful = options_.stateful,
                         .progress = options_.progress,
                         .stage = "checking calibration data"});
    classes = top_classes(collect_outputs(runner));
  }
  const auto& wanted = labels_ ? reference.labels : reference.predicted;
  add(report_.warnings, warn_of_missing_classes(classes, calibration_labels_.has_value(), wanted));
  report_.outside = measure_coverage(*calibrated_, *evaluation_,
                                     {.threads = options_.threads, .progress = options_.progress});
  std::erase_if(report_.outside, [](const TensorCoverage& tensor) { return tensor.outside == 0; });
  add(report_.warnings, warn_of_uncovered_ranges(report_.outside, calibration_->size()));
}

void Job::write_tables() {
  new_file("table.md").write(to_markdown(report_));
  new_file("results.csv").write(to_csv(report_));
  new_file("results.json").write(to_json(report_));
  if (const auto picture = to_svg(report_)) new_file("accuracy_size.svg").write(*picture);
}

void Job::commit() {
  // The last moment at which an interrupt leaves nothing behind.
  litesmith::report(options_.progress, "writing", 0, files_.size());
  std::vector<AtomicFile*> files;
  for (const auto& file : files_) files.push_back(file.get());
  commit_all(files);
}

}  // namespace

Report optimize(const OptimizeOptions& options) { return Job(options).run(); }

}  // namespace litesmith
