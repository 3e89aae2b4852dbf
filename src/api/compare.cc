#include "litesmith/compare.h"

#include "api/state.h"
#include "evaluate/compare.h"
#include "report/report.h"

namespace litesmith::api {
namespace {

// A .tflite runs as it is; a trained network, which has no signatures to choose from, as it would
// be converted.
litesmith::Model runnable(const Model& model, const CompareOptions& options) {
  return model.is_tflite() ? model.state().running(options.signature)
                           : model.state().for_conversion();
}

}  // namespace

Comparison compare(const Model& a, const Model& b, const Samples& samples,
                   const CompareOptions& options) {
  Dataset data = to_dataset(samples);
  if (options.samples > 0) data = data.draw(options.samples, 1);
  check_finite(data);
  const litesmith::Comparison found = litesmith::compare(
      runnable(a, options), runnable(b, options), data,
      {.arithmetic = options.arithmetic, .threads = options.threads, .progress = options.progress});
  Comparison result{.layers = {},
                    .notes = found.notes,
                    .text = to_text(found, options.top),
                    .json = to_json(found)};
  for (const litesmith::LayerDifference& layer : found.layers) {
    result.layers.push_back({.tensor = layer.name,
                             .op = layer.op,
                             .max_error = layer.max_error,
                             .rms_error = layer.rms_error,
                             .sqnr_db = layer.sqnr_db,
                             .cosine = layer.cosine});
  }
  return result;
}

}  // namespace litesmith::api
