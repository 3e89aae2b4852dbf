#include "litesmith/quantize.h"

#include "api/state.h"
#include "optimize/steps.h"
#include "optimize/warnings.h"
#include "quantize/convert.h"

namespace litesmith::api {
namespace {

litesmith::Model calibrated(litesmith::Model model, const QuantizeOptions& options,
                            std::vector<std::string>& warnings) {
  if (!options.representative_dataset) {
    const bool learned = options.mode == Mode::int8 && has_learned_ranges(model);
    if (options.calibrate_only ||
        (needs_calibration(options.mode) && !has_ranges(model) && !learned)) {
      throw Error(ErrorCode::usage,
                  "mode " + std::string(to_string(options.mode)) +
                      " needs samples to measure ranges on: give representative_dataset");
    }
    return model;
  }
  require_float(model);
  const Dataset all = to_dataset(*options.representative_dataset);
  const Dataset data = options.calibration_samples == 0 || options.stateful
                           ? all
                           : all.draw(options.calibration_samples, options.seed);
  check_finite(data);
  if (const auto warning = warn_of_few_samples(data.size())) warnings.push_back(*warning);
  return calibrate_on(
      model, data,
      {.threads = options.threads, .stateful = options.stateful, .progress = options.progress});
}

}  // namespace

Quantized quantize(const Model& model, const QuantizeOptions& options) {
  std::vector<std::string> warnings;
  litesmith::Model graph = calibrated(model.state().for_conversion(&warnings), options, warnings);
  ConvertNotes notes;
  if (!options.calibrate_only) {
    graph = convert(graph,
                    {.mode = options.mode,
                     .target = options.target,
                     .input_type = options.input_type,
                     .output_type = options.output_type,
                     .per_channel = options.per_channel,
                     .keep_float = options.keep_float},
                    notes);
  }
  warnings.insert(warnings.end(), notes.warnings.begin(), notes.warnings.end());
  return {tflite_of(graph, model.source()), std::move(warnings), std::move(notes.kept_float)};
}

}  // namespace litesmith::api
