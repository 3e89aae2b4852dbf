#include "inspect/macs.h"

namespace litesmith {
namespace {

MacKind kind_of(const NodeView& node) {
  const Value* data = node.inputs.empty() ? nullptr : node.inputs[0];
  const Value* weights = node.inputs.size() < 2 ? nullptr : node.inputs[1];
  if (data != nullptr && data->dtype == DType::int16) return MacKind::int16;
  if (weights == nullptr) return MacKind::float32;
  const bool is_float = weights->dtype == DType::float32 || weights->dtype == DType::float16;
  return is_float ? MacKind::float32 : MacKind::int8;
}

}  // namespace

std::string_view to_string(MacKind kind) {
  switch (kind) {
    case MacKind::float32:
      return "float32";
    case MacKind::int8:
      return "int8";
    case MacKind::int16:
      return "int16";
  }
  return "";
}

std::vector<NodeMacs> macs_by_node(const Graph& graph) {
  const std::vector<Macs> macs = count_macs(graph);
  std::vector<NodeMacs> result;
  for (size_t i = 0; i < macs.size(); ++i) {
    result.push_back({.macs = macs[i], .kind = kind_of(graph.view(graph.nodes[i]))});
  }
  return result;
}

}  // namespace litesmith
