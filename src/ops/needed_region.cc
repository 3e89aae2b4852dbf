#include "ops/needed_region.h"

#include <algorithm>

namespace litesmith {
namespace {

std::vector<Region> regions_of(const std::vector<ValueId>& ids, const std::vector<Region>& all) {
  std::vector<Region> result;
  result.reserve(ids.size());
  for (const ValueId id : ids) result.push_back(all[static_cast<size_t>(id.index)]);
  return result;
}

}  // namespace

std::vector<Region> needed_regions(const Graph& graph) {
  std::vector<Region> wanted;
  for (const ValueId id : graph.outputs) wanted.push_back(Region::all(graph[id].shape));
  return needed_regions(graph, wanted);
}

std::vector<Region> needed_regions(const Graph& graph, std::span<const Region> wanted) {
  std::vector<Region> regions;
  for (const Value& value : graph.values) regions.push_back(Region::none(value.shape));
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    regions[static_cast<size_t>(graph.outputs[i].index)].merge(wanted[i]);
  }
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const Node& node = graph.nodes[n];
    const std::vector<Region> outputs = regions_of(node.outputs, regions);
    // What has no outputs has an effect.
    const bool unused =
        !outputs.empty() && std::all_of(outputs.begin(), outputs.end(),
                                        [](const Region& region) { return region.nothing; });
    if (unused) continue;
    const NodeView view = graph.view(node);
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const ValueId id = node.inputs[i];
      if (!id.valid()) continue;
      const auto needed = node.def().needed;
      regions[static_cast<size_t>(id.index)].merge(
          needed != nullptr ? needed(view, i, outputs) : Region::all(graph[id].shape));
    }
  }
  return regions;
}

std::vector<Macs> count_macs(const Graph& graph) {
  const std::vector<Region> regions = needed_regions(graph);
  std::vector<Macs> result;
  for (const Node& node : graph.nodes) {
    Macs& macs = result.emplace_back();
    if (node.def().macs == nullptr) continue;
    const ValueId output = node.outputs.at(0);
    macs.nominal = node.def().macs(graph.view(node));
    const int64_t elements = element_count(with_dynamic_as(graph[output].shape, 1));
    // Every element of the output takes the same number.
    if (elements > 0) {
      macs.needed = macs.nominal / elements * regions[static_cast<size_t>(output.index)].count();
    }
  }
  return result;
}

}  // namespace litesmith
