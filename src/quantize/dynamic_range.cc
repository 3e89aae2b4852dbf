#include "quantize/dynamic_range.h"

#include <map>

#include "quantize/keep_float.h"
#include "quantize/parameters.h"

namespace litesmith {

Model quantize_dynamic_range(const Model& model, const ConvertOptions& options,
                             ConvertNotes& notes) {
  Model result = model;
  Graph& graph = result.graph;
  // One integer version of a constant, however many ops share it.
  std::map<std::pair<ValueId, int>, ValueId> made;
  for (Node& node : graph.nodes) {
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
        const auto weights = quantize_weights(graph[id].elements<float>(), graph[id].shape,
                                              dimension, Scheme::dynamic_range);
        Value value{.name = graph[id].name, .dtype = DType::int8, .shape = graph[id].shape};
        value.quantization = weights.quantization;
        value.data = Buffer::of(weights.values);
        integer = graph.add(std::move(value));
      }
      node.inputs[position] = integer;
      if (node.def().set_asymmetric_inputs != nullptr) {
        auto op = node.op->clone();
        node.def().set_asymmetric_inputs(*op);
        node.op = std::move(op);
      }
    }
  }
  return result;
}

}  // namespace litesmith
