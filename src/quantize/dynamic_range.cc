#include "quantize/dynamic_range.h"

#include <map>
#include <utility>

#include "quantize/keep_float.h"
#include "quantize/parameters.h"

namespace litesmith {

namespace {

// Where a kernel takes its weights as int8 together, one that is too small keeps all of them float.
bool all_large_enough(const Graph& graph, const Node& node, ConvertNotes& notes) {
  for (const auto& [operand, channel_dimension] : node.def().quant.hybrid) {
    const auto position = static_cast<size_t>(operand);
    if (position >= node.inputs.size() || !node.inputs[position].valid()) continue;
    const Value& value = graph[node.inputs[position]];
    const std::string which =
        std::string(node.def().name) + " '" + graph[node.outputs.at(0)].name + "'";
    if (!value.is_constant() || value.dtype != DType::float32) {
      notes.kept_float.push_back(which + ": its weights '" + value.name + "' are no constant");
      return false;
    }
    const int64_t count = element_count(value.shape);
    if (count >= kDynamicRangeMinimumElements) continue;
    notes.kept_float.push_back(which + ": its weights '" + value.name + "' have " +
                               std::to_string(count) +
                               " elements, fewer than the 1024 the converter asks for, and all "
                               "its weights must be int8 together");
    return false;
  }
  return true;
}

}  // namespace

Model quantize_dynamic_range(const Model& model, const ConvertOptions& options,
                             ConvertNotes& notes) {
  Model result = model;
  Graph& graph = result.graph;
  // One integer version of a constant, however many ops share it.
  std::map<std::pair<ValueId, int>, ValueId> made;
  for (Node& node : graph.nodes) {
    if (node.def().quant.hybrid_together && !all_large_enough(graph, node, notes)) continue;
    for (const auto& [operand, channel_dimension] : node.def().quant.hybrid) {
      const auto position = static_cast<size_t>(operand);
      if (position >= node.inputs.size() || !node.inputs[position].valid()) continue;
      const ValueId id = node.inputs[position];
      if (!graph[id].is_constant() || graph[id].dtype != DType::float32) continue;
      const std::string which = std::string(node.def().name) + " weights '" + graph[id].name + "'";
      const int64_t count = element_count(graph[id].shape);
      if (count < kDynamicRangeMinimumElements) {
        notes.kept_float.push_back(which + ": " + std::to_string(count) +
                                   " elements, fewer than the 1024 the converter asks for");
        continue;
      }
      if (is_kept_float(graph, node, options.keep_float)) {
        notes.kept_float.push_back(which + ": asked for");
        continue;
      }
      const int dimension = options.per_channel ? channel_dimension : -1;
      ValueId& integer = made[{id, dimension}];
      if (!integer.valid()) {
        auto weights = quantize_weights(graph[id], dimension, Scheme::dynamic_range);
        Value value{.name = graph[id].name, .dtype = DType::int8, .shape = graph[id].shape};
        graph[id].data->let_go();
        value.quantization = weights.quantization;
        value.data = Buffer::take(std::move(weights.values));
        integer = graph.add(std::move(value));
      }
      node.inputs[position] = integer;
      if (node.def().set_asymmetric_inputs != nullptr) {
        auto op = node.op->clone();
        node.def().set_asymmetric_inputs(*op, true);
        node.op = std::move(op);
      }
    }
  }
  return result;
}

}  // namespace litesmith
