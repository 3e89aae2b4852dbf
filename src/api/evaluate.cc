#include "litesmith/evaluate.h"

#include "api/state.h"
#include "evaluate/evaluate.h"
#include "report/report.h"
#include "report/sha256.h"

namespace litesmith::api {

Evaluation evaluate(const Model& model, const Samples& samples, const EvaluateOptions& options) {
  if (!options.labels && !options.against) {
    throw Error(ErrorCode::usage, "nothing to judge by: give labels, or another model");
  }
  const litesmith::Model graph = model.state().running(options.signature);
  const Dataset data = to_finite_dataset(samples);
  std::optional<Labels> labels;
  if (options.labels) labels = to_labels(*options.labels);
  const Labels* const right = labels ? &*labels : nullptr;
  litesmith::EvaluateOptions judge{.arithmetic = options.arithmetic,
                                   .threads = options.threads,
                                   .progress = options.progress,
                                   .stateful = options.stateful,
                                   .threshold = options.threshold,
                                   .positive = options.positive,
                                   .explain_cast = options.explain_cast,
                                   .latency = false};
  std::optional<litesmith::Evaluation> reference;
  if (options.against) {
    reference = with_context("'" + options.against->source() + "'", [&] {
      return litesmith::evaluate(options.against->state().running(options.signature), data, right,
                                 nullptr, judge);
    });
  }
  judge.latency = options.latency;
  ModeReport report;
  report.evaluation =
      litesmith::evaluate(graph, data, right, reference ? &*reference : nullptr, judge);
  report.mode = std::filesystem::path(model.source()).stem().string();
  report.file = model.source();
  report.sha256 = sha256_hex(model.bytes());
  report.sizes = measure_sizes(model.state().content().file, graph);
  report.input_type = graph.graph[graph.graph.inputs.at(0)].dtype;
  report.output_type = graph.graph[graph.graph.outputs.at(0)].dtype;

  Evaluation result{.n = report.evaluation->n,
                    .predicted = report.evaluation->predicted,
                    .notes = report.evaluation->notes,
                    .text = to_text(report),
                    .json = to_json(report)};
  if (report.evaluation->confusion) result.correct = report.evaluation->confusion->correct();
  if (labels) result.notes.insert(result.notes.end(), labels->notes.begin(), labels->notes.end());
  return result;
}

}  // namespace litesmith::api
