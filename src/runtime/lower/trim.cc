#include "runtime/lower/trim.h"

#include <algorithm>
#include <array>
#include <optional>

#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/needed_region.h"
#include "ops/pool_2d.h"

namespace litesmith {
namespace {

template <class T>
bool is_valid(const NodeView& node) {
  return node.as<T>().padding == Padding::valid;
}

// A hybrid layer looks at all of its input to find the scale it quantizes it with.
template <class T>
bool is_valid_and_not_hybrid(const NodeView& node) {
  return is_valid<T>(node) &&
         !(node.input(0).dtype == DType::float32 && node.input(1).dtype == DType::int8);
}

// Windows that begin at an image's first row and column: on the beginning of an image they give the
// beginning of the output, from memory with whatever distance between rows the shape says.
bool slides_from_the_start(const NodeView& node) {
  using Predicate = bool (*)(const NodeView&);
  static const auto table = std::to_array<std::pair<const OpDef*, Predicate>>({
      {&Conv2D::definition(), is_valid_and_not_hybrid<Conv2D>},
      {&DepthwiseConv2D::definition(), is_valid_and_not_hybrid<DepthwiseConv2D>},
      {&AveragePool2D::definition(), is_valid<AveragePool2D>},
      {&MaxPool2D::definition(), is_valid<MaxPool2D>},
  });
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const auto& row) { return row.first == &node.op.def(); });
  return found != table.end() && found->second(node);
}

// How many indices the set's last one needs.
int32_t length(const IndexSet& set) {
  if (set.is_all()) return set.size();
  int32_t result = set.size();
  while (result > 0 && !set.contains(result - 1)) --result;
  return result;
}

// All of the beginning of a shape.
Region beginning(const Shape& whole, const Shape& part) {
  Region region = Region::all(whole);
  for (size_t i = 0; i < whole.size(); ++i) {
    if (part[i] == whole[i]) continue;
    region.dims[i] = IndexSet::none(whole[i]);
    for (int32_t index = 0; index < part[i]; ++index) region.dims[i].add(index);
  }
  return region;
}

}  // namespace

void trim(Graph& graph, const std::vector<size_t>& nodes) {
  // The shortest shape of each value that its readers can do with; a value that cannot be shortened
  // keeps its own.
  std::vector<std::optional<Shape>> wanted(graph.values.size());
  std::vector<bool> fixed(graph.values.size(), true);
  auto at = [](ValueId id) { return static_cast<size_t>(id.index); };
  for (const size_t n : nodes) {
    const Node& node = graph.nodes[n];
    if (slides_from_the_start(graph.view(node))) fixed[at(node.outputs[0])] = false;
  }
  for (const ValueId id : graph.outputs) fixed[at(id)] = true;
  for (const size_t n : nodes) {
    const Node& node = graph.nodes[n];
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (!node.inputs[i].valid()) continue;
      if (i > 0 || !slides_from_the_start(graph.view(node))) fixed[at(node.inputs[i])] = true;
    }
  }
  for (auto n = nodes.rbegin(); n != nodes.rend(); ++n) {
    const Node& node = graph.nodes[*n];
    if (!slides_from_the_start(graph.view(node)) || fixed[at(node.inputs[0])]) continue;
    const Shape& output = graph[node.outputs[0]].shape;
    const std::array<Region, 1> region = {
        beginning(output, wanted[at(node.outputs[0])].value_or(output))};
    const Region needed = node.def().needed(graph.view(node), 0, region);
    Shape shape = graph[node.inputs[0]].shape;
    std::optional<Shape>& before = wanted[at(node.inputs[0])];
    for (size_t i = 1; i <= 2; ++i) {
      shape[i] = std::max(length(needed.dims[i]), before ? (*before)[i] : 1);
    }
    before = shape;
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] && !fixed[i]) graph.values[i].shape = *wanted[i];
  }
}

}  // namespace litesmith
