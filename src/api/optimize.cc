#include "litesmith/optimize.h"

#include "api/state.h"
#include "optimize/optimize.h"

namespace litesmith::api {
namespace {

std::optional<Given<Dataset>> dataset_given(const std::optional<Samples>& samples) {
  if (!samples) return std::nullopt;
  if (!samples->in_memory()) return Given<Dataset>(samples->path());
  return Given<Dataset>(to_dataset(*samples), samples->name());
}

std::optional<Given<Labels>> labels_given(const std::optional<Samples>& samples) {
  if (!samples) return std::nullopt;
  if (!samples->in_memory()) return Given<Labels>(samples->path());
  return Given<Labels>(to_labels(*samples), samples->name());
}

// A file is named by its path, so that the report can tell its hash.
Given<litesmith::Model> model_given(const Model& model) {
  const Model::State& state = model.state();
  if (!state.path.empty()) return Given<litesmith::Model>(state.path);
  return Given<litesmith::Model>(state.trained ? *state.trained : state.graph(), state.source);
}

}  // namespace

Report optimize(const Model& model, const OptimizeOptions& options) {
  const litesmith::Report report =
      litesmith::optimize({.model = model_given(model),
                           .load = model.state().load,
                           .out = options.out,
                           .calibrate = dataset_given(options.calibrate),
                           .calibrate_labels = labels_given(options.calibrate_labels),
                           .evaluate = dataset_given(options.evaluate),
                           .labels = labels_given(options.labels),
                           .modes = options.modes,
                           .io = options.io,
                           .per_channel = options.per_channel,
                           .keep_float = options.keep_float,
                           .calibration_samples = options.calibration_samples,
                           .seed = options.seed,
                           .stateful = options.stateful,
                           .arithmetic = options.arithmetic,
                           .threshold = options.threshold,
                           .positive = options.positive,
                           .explain_cast = options.explain_cast,
                           .latency = options.latency,
                           .threads = options.threads,
                           .progress = options.progress});
  Report result{.modes = {},
                .warnings = report.warnings,
                .text = to_text(report),
                .markdown = to_markdown(report),
                .csv = to_csv(report),
                .json = to_json(report)};
  for (const ModeReport& mode : report.modes) {
    ModeResult& entry = result.modes.emplace_back();
    entry.mode = mode.mode;
    entry.file = options.out / mode.file;
    entry.file_bytes = mode.sizes.file_bytes;
    if (mode.evaluation && mode.evaluation->confusion) {
      entry.accuracy = static_cast<double>(mode.evaluation->confusion->correct()) /
                       static_cast<double>(mode.evaluation->n);
    }
  }
  return result;
}

}  // namespace litesmith::api
