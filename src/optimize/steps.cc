#include "optimize/steps.h"

#include <algorithm>

#include "data/feed.h"
#include "quantize/calibrate.h"
#include "quantize/own_rules.h"
#include "quantize/to_float.h"
#include "rewrite/rewrite.h"
#include "runtime/evaluate_node.h"

namespace litesmith {

Model for_conversion(const Model& model) {
  // A rewrite would part the ranges of a calibrated file from the values they were seen on.
  if (has_ranges(model)) return model;
  return rewrite(model, {.evaluate = evaluate_node});
}

Model load_for_conversion(const std::filesystem::path& path, const LoadOptions& options,
                          std::vector<std::string>* warnings) {
  const Model model = load_model(path, options);
  if (sniff_model(path) != ModelFormat::tflite) return for_conversion(model);
  return for_conversion(weights_to_float(model, warnings));
}

Model calibrate_on(const Model& model, const Dataset& data, const CalibrateDataOptions& options) {
  const Feed feed(data, model, {.batch = 1});
  // Ranges are measured on the graph with the data's shapes and belong to the one without.
  Model concrete = model;
  concrete.graph = feed.graph();
  Model result = model;
  const Model measured = calibrate(
      concrete, feed.runs(),
      [&](size_t run, std::span<const std::span<float>> inputs) {
        for (size_t i = 0; i < inputs.size(); ++i) {
          feed.fill(run, i, std::as_writable_bytes(inputs[i]));
        }
      },
      {.threads = options.threads, .stateful = options.stateful, .progress = options.progress});
  // As calibrate() did: they come last.
  add_intermediates(result.graph, ruled_nodes(result.graph));
  for (size_t i = 0; i < result.graph.values.size(); ++i) {
    result.graph.values[i].range = measured.graph.values[i].range;
  }
  return result;
}

bool has_ranges(const Model& model) {
  return std::any_of(model.graph.values.begin(), model.graph.values.end(),
                     [](const Value& value) { return value.range.has_value(); });
}

}  // namespace litesmith
