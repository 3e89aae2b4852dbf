#include "report/summary_json.h"

#include "report/json_text.h"

namespace litesmith {
namespace {

Json tensor_json(const TensorSummary& tensor) {
  Json json = {{"name", tensor.name}, {"type", to_string(tensor.dtype)}, {"shape", tensor.shape}};
  if (tensor.quantization.present()) {
    json["quantization"] = {{"scale", tensor.quantization.scale},
                            {"zero_point", tensor.quantization.zero_point},
                            {"dimension", tensor.quantization.dimension}};
  }
  return json;
}

Json tensors_json(const std::vector<TensorSummary>& tensors) {
  Json json = Json::array();
  for (const TensorSummary& tensor : tensors) json.push_back(tensor_json(tensor));
  return json;
}

Json op_json(const OpSummary& op) {
  return {{"index", op.index},
          {"op", op.name},
          {"attributes", op.attributes},
          {"version", op.version},
          {"outputs", tensors_json(op.outputs)},
          {"parameters", op.parameters},
          {"zero_parameters", op.zero_parameters},
          {"constant_bytes", op.constant_bytes},
          {"macs", op.macs},
          {"needed_macs", op.needed_macs}};
}

Json constant_json(const ConstantSummary& constant) {
  Json json = tensor_json(constant.tensor);
  json["elements"] = constant.elements;
  json["bytes"] = constant.bytes;
  json["used_by"] = constant.used_by;
  if (!constant.why_float.empty()) json["why_float"] = constant.why_float;
  if (constant.statistics) {
    const WeightStatistics& s = *constant.statistics;
    json["statistics"] = {{"min", s.min},       {"max", s.max},
                          {"zeros", s.zeros},   {"not_finite", s.not_finite},
                          {"unique", s.unique}, {"histogram", s.histogram}};
  }
  return json;
}

Json verdict_json(const Verdict& verdict) {
  Json json = {{"text", verdict.text}, {"scheme", to_string(verdict.scheme)}};
  if (verdict.activations) json["activations"] = to_string(*verdict.activations);
  if (verdict.weights) json["weights"] = to_string(*verdict.weights);
  if (!verdict.oldest_runtime.empty()) json["oldest_runtime"] = verdict.oldest_runtime;
  json["runs_on_tflm"] = verdict.runs_on_tflm;
  json["float_islands"] = Json::array();
  for (const OpPlace& place : verdict.float_islands) {
    json["float_islands"].push_back({{"subgraph", place.subgraph}, {"op", place.op}});
  }
  return json;
}

Json tflm_json(const TflmPrediction& prediction) {
  if (!prediction.memory) return {{"why_not", prediction.why_not}};
  const TflmMemory& memory = *prediction.memory;
  return {{"tensor_arena_size", memory.tensor_arena_size},
          {"arena_used_bytes", memory.used_bytes()},
          {"planned_bytes", memory.planned_bytes},
          {"persistent_bytes", memory.persistent_bytes}};
}

}  // namespace

std::string to_json(const Summary& summary) {
  Json json = {{"schema_version", kSchemaVersion}, {"source", summary.source}};
  json["verdict"] = verdict_json(summary.verdict);
  if (summary.file_bytes) json["file_bytes"] = *summary.file_bytes;
  if (!summary.made_by.empty()) json["made_by"] = summary.made_by;
  if (!summary.min_runtime_version.empty()) {
    json["min_runtime_version"] = summary.min_runtime_version;
  }
  json["inputs"] = tensors_json(summary.inputs);
  json["outputs"] = tensors_json(summary.outputs);
  json["parameters"] = summary.parameters;
  json["zero_parameters"] = summary.zero_parameters;
  json["macs"] = summary.macs;
  json["needed_macs"] = summary.needed_macs;
  json["constant_bytes"] = Json::object();
  for (const auto& [dtype, bytes] : summary.constant_bytes) {
    json["constant_bytes"][std::string(to_string(dtype))] = bytes;
  }
  if (summary.activations) {
    json["activations"] = {{"bytes", summary.activations->bytes},
                           {"least", summary.activations->least}};
  }
  if (summary.file_bytes) {
    json["tflm"] = {{"bits32", tflm_json(summary.tflm32)}, {"bits64", tflm_json(summary.tflm64)}};
  }
  json["ops"] = Json::array();
  for (const OpSummary& op : summary.ops) json["ops"].push_back(op_json(op));
  json["constants"] = Json::array();
  for (const ConstantSummary& constant : summary.constants) {
    json["constants"].push_back(constant_json(constant));
  }
  json["unreached"] = Json::array();
  for (const UnreachedInput& input : summary.unreached) {
    json["unreached"].push_back({{"input", input.input},
                                 {"dimension", input.dimension},
                                 {"size", input.size},
                                 {"indices", input.indices}});
  }
  json["unused"] = Json::array();
  for (const UnusedTensor& unused : summary.unused) {
    Json each = tensor_json(unused.tensor);
    each["index"] = unused.index;
    each["bytes"] = unused.bytes;
    json["unused"].push_back(std::move(each));
  }
  json["notes"] = summary.notes;
  return json_text(json);
}

}  // namespace litesmith
