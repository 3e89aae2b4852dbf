#include "evaluate/evaluate.h"

#include <algorithm>

#include "base/error.h"
#include "data/feed.h"
#include "data/real_numbers.h"
#include "evaluate/runner.h"

namespace litesmith {
namespace {

// Labels name a class a sample, so the model must give one row of scores a sample.
void require_scores(const Value& output) {
  const auto wide = std::count_if(output.shape.begin(), output.shape.end(),
                                  [](int32_t size) { return size != 1; });
  const bool batched = !output.shape.empty() && output.shape[0] != 1;
  if (wide > (batched ? 2 : 1)) {
    throw Error(ErrorCode::unsupported,
                "output '" + output.name + "' of shape " + to_string(output.shape) +
                    " is no row of scores; models of another kind can be evaluated without labels");
  }
}

size_t positive_class(const EvaluateOptions& options, size_t classes) {
  if (options.positive) {
    if (*options.positive >= classes) {
      throw Error(ErrorCode::usage, "class " + std::to_string(*options.positive) +
                                        " does not exist; the model has " +
                                        std::to_string(classes));
    }
    return *options.positive;
  }
  if (classes != 2) {
    throw Error(ErrorCode::usage, "a threshold needs the class it watches: the model has " +
                                      std::to_string(classes) + " classes");
  }
  return 1;
}

// The input that a cast would spoil: an integer one that is given other numbers.
const Value* input_to_spoil(const Feed& feed) {
  const Graph& graph = feed.graph();
  for (const ValueId id : graph.inputs) {
    if (!is_quantized_integer(graph[id])) continue;
    for (const NamedArray& each : feed.dataset().arrays()) {
      if (each.array.dtype != graph[id].dtype) return &graph[id];
    }
  }
  return nullptr;
}

size_t count_correct(const std::vector<int32_t>& predicted, const std::vector<int32_t>& labels) {
  size_t correct = 0;
  for (size_t i = 0; i < labels.size(); ++i) correct += predicted[i] == labels[i] ? 1 : 0;
  return correct;
}

}  // namespace

Evaluation evaluate(const Model& model, const Dataset& data, const Labels* labels,
                    const Evaluation* reference, const EvaluateOptions& options) {
  const Feed feed(data, model);
  Runner::Options run{.plan = {.arithmetic = options.arithmetic},
                      .threads = options.threads,
                      .stateful = options.stateful,
                      .progress = options.progress,
                      .stage = options.stage};
  Evaluation result;
  result.n = data.size();
  result.notes = feed.notes();
  Runner runner(feed, run);
  if (labels != nullptr) {
    require_scores(runner.plan().graph()[runner.plan().graph().outputs.at(0)]);
  }
  result.outputs = collect_outputs(runner);
  result.predicted = top_classes(result.outputs);
  if (labels != nullptr) {
    check_labels(*labels, result.n, result.outputs.classes());
    result.labels = labels->classes;
    result.confusion = confusion_matrix(result.predicted, result.labels, result.outputs.classes());
  }
  if (options.threshold) {
    if (labels == nullptr) throw Error(ErrorCode::usage, "a threshold needs labels");
    result.detection =
        detect(result.outputs, result.labels, positive_class(options, result.outputs.classes()),
               *options.threshold);
  }
  if (reference != nullptr) {
    if (reference->outputs.values.size() != result.outputs.values.size()) {
      throw Error(ErrorCode::data, "the two models' outputs are of different sizes: " +
                                       std::to_string(reference->outputs.columns) + " and " +
                                       std::to_string(result.outputs.columns) + " a sample");
    }
    result.agreement = agreement(reference->predicted, result.predicted, result.labels);
    result.difference = difference(reference->outputs, result.outputs);
  }
  const Value* spoiled = input_to_spoil(feed);
  if (options.explain_cast && labels != nullptr && spoiled != nullptr) {
    const Feed cast(data, model, {.entry = Entry::numpy_cast});
    Runner careless(cast, run);
    const auto predicted = top_classes(collect_outputs(careless));
    const Quantization& q = spoiled->quantization;
    result.cast = CastScore{.input = spoiled->name,
                            .type = spoiled->dtype,
                            .scale = q.scale[0],
                            .zero_point = q.zero_point.empty() ? 0 : q.zero_point[0],
                            .n = result.n,
                            .correct = count_correct(predicted, result.labels)};
  }
  if (options.latency) result.latency = measure_latency(model, data, options.arithmetic);
  return result;
}

}  // namespace litesmith
