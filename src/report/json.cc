// results.json, and what evaluate and compare print.
#include "base/build_info.h"
#include "base/cpu_features.h"
#include "report/json_text.h"
#include "report/report.h"

namespace litesmith {
namespace {

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json file_json(const SourceFile& file) {
  Json json = {{"file", file.name}, {"sha256", file.sha256}};
  if (file.samples > 0) json["samples"] = file.samples;
  return json;
}

Json versions_json(const std::string& arithmetic) {
  return {{"litesmith", version()},
          {"commit", commit()},
          {"compiler", compiler()},
          {"instruction_set", to_string(default_isa())},
          {"arithmetic", arithmetic}};
}

double share(size_t part, size_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

Json classes_json(const ConfusionMatrix& confusion) {
  Json json = Json::array();
  for (const ClassFigures& figures : class_figures(confusion)) {
    json.push_back({{"samples", figures.samples},
                    {"precision", or_null(figures.precision)},
                    {"recall", or_null(figures.recall)},
                    {"f1", or_null(figures.f1)}});
  }
  return json;
}

Json confusion_json(const ConfusionMatrix& confusion) {
  Json json = Json::array();
  for (size_t truth = 0; truth < confusion.classes; ++truth) {
    Json row = Json::array();
    for (size_t c = 0; c < confusion.classes; ++c) row.push_back(confusion.at(truth, c));
    json.push_back(std::move(row));
  }
  return json;
}

// Fields that were not measured are null, so that every mode has the same ones.
Json mode_json(const ModeReport& mode) {
  Json json = {{"mode", mode.mode},
               {"file", mode.file},
               {"io_type", mode.io_type()},
               {"file_bytes", mode.sizes.file_bytes},
               {"data_bytes", mode.sizes.data_bytes},
               {"accuracy", nullptr},
               {"n", nullptr},
               {"correct", nullptr},
               {"interval", nullptr},
               {"lost", nullptr},
               {"gained", nullptr},
               {"agreement", nullptr},
               {"latency_us", nullptr},
               {"arena_bytes", or_null(mode.sizes.arena_bytes)},
               {"sha256", mode.sha256}};
  if (mode.evaluation) {
    const Evaluation& e = *mode.evaluation;
    json["n"] = e.n;
    if (e.confusion) {
      const size_t correct = e.confusion->correct();
      const Interval interval = wilson_interval(correct, e.n);
      json["accuracy"] = share(correct, e.n);
      json["correct"] = correct;
      json["interval"] = {interval.low, interval.high};
    }
    if (e.agreement) {
      json["agreement"] = share(e.agreement->same, e.agreement->n);
      if (e.confusion) {
        json["lost"] = e.agreement->lost;
        json["gained"] = e.agreement->gained;
      }
    }
    if (e.latency) {
      json["latency_us"] = {{"median", e.latency->median_us}, {"p95", e.latency->p95_us}};
    }
    if (e.difference) {
      json["difference"] = {{"max", e.difference->max}, {"rms", e.difference->rms}};
    }
    if (e.confusion) {
      json["classes"] = classes_json(*e.confusion);
      json["confusion"] = confusion_json(*e.confusion);
    }
    if (e.detection) {
      const Detection& d = *e.detection;
      json["detection"] = {{"class", d.positive_class}, {"threshold", d.threshold},
                           {"positives", d.positives},  {"misses", d.misses},
                           {"negatives", d.negatives},  {"false_accepts", d.false_accepts}};
    }
    if (e.cast) {
      json["cast"] = {{"type", to_string(e.cast->type)},
                      {"scale", e.cast->scale},
                      {"zero_point", e.cast->zero_point},
                      {"correct", e.cast->correct},
                      {"accuracy", share(e.cast->correct, e.cast->n)},
                      {"why", explain(*e.cast)}};
    }
  }
  json["kept_float"] = mode.kept_float;
  if (!mode.learned.empty()) json["learned"] = mode.learned;
  json["warnings"] = mode.warnings;
  return json;
}

}  // namespace

std::string to_json(const Report& report) {
  Json json = {{"schema_version", kSchemaVersion},
               {"title", report.title},
               {"versions", versions_json(report.arithmetic)},
               {"model", file_json(report.model)}};
  if (report.calibration) {
    json["calibration"] = file_json(report.calibration->data);
    json["calibration"]["samples_used"] = report.calibration->samples_used;
    json["calibration"]["seed"] = report.calibration->seed;
  }
  if (report.evaluation_data) json["evaluation"] = file_json(*report.evaluation_data);
  if (report.labels) json["labels"] = file_json(*report.labels);
  json["modes"] = Json::array();
  for (const ModeReport& mode : report.modes) json["modes"].push_back(mode_json(mode));
  json["outside_calibrated_range"] = Json::array();
  for (const TensorCoverage& tensor : report.outside) {
    json["outside_calibrated_range"].push_back(
        {{"tensor", tensor.name},
         {"share", tensor.share()},
         {"calibrated", {tensor.range.min, tensor.range.max}},
         {"seen", {tensor.seen_min, tensor.seen_max}}});
  }
  json["warnings"] = report.warnings;
  json["notes"] = report.notes;
  return json_text(json);
}

std::string to_json(const ModeReport& mode) {
  Json json = {{"schema_version", kSchemaVersion}};
  json.update(mode_json(mode));
  return json_text(json);
}

std::string to_json(const Comparison& comparison) {
  Json json = {{"schema_version", kSchemaVersion}, {"samples", comparison.samples}};
  json["layers"] = Json::array();
  for (const LayerDifference& layer : comparison.layers) {
    // An infinite ratio (no difference at all) has no number in JSON and becomes null.
    json["layers"].push_back({{"tensor", layer.name},
                              {"op", layer.op},
                              {"type", to_string(layer.dtype)},
                              {"shape", layer.shape},
                              {"position", layer.position},
                              {"max_error", layer.max_error},
                              {"rms_error", layer.rms_error},
                              {"sqnr_db", layer.sqnr_db},
                              {"cosine", layer.cosine}});
  }
  json["unmatched"] = comparison.unmatched;
  json["notes"] = comparison.notes;
  return json_text(json);
}

}  // namespace litesmith
