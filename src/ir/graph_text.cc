// The readable form of a graph.
#include "ir/attributes.h"
#include "ir/graph.h"

namespace litesmith {
namespace {

std::string describe(const Graph& graph, ValueId id) {
  if (!id.valid()) return "-";
  const Value& value = graph[id];
  std::string text = "%" + std::to_string(id.index);
  if (value.is_constant()) {
    text += ":" + std::string(to_string(value.dtype)) + to_string(value.shape);
  }
  return text;
}

std::string list(const Graph& graph, const std::vector<ValueId>& ids) {
  std::string text;
  for (const ValueId id : ids) text += (text.empty() ? "" : ", ") + describe(graph, id);
  return text;
}

}  // namespace

std::string to_text(const Graph& graph) {
  std::string text =
      graph.name + "(" + list(graph, graph.inputs) + ") -> (" + list(graph, graph.outputs) + ")\n";
  for (const Node& node : graph.nodes) {
    text += "  " + list(graph, node.outputs) + " = " + std::string(node.def().name) + "(" +
            list(graph, node.inputs) + ")";
    const std::string attributes = attribute_text(*node.op);
    if (!attributes.empty()) text += " {" + attributes + "}";
    for (const ValueId id : node.outputs) {
      text += " " + std::string(to_string(graph[id].dtype)) + to_string(graph[id].shape);
    }
    text += "\n";
  }
  return text;
}

}  // namespace litesmith
