#include "quantize/float16.h"

#include <algorithm>
#include <map>

#include "base/half.h"
#include "ops/quantize.h"
#include "quantize/keep_float.h"

namespace litesmith {
namespace {

constexpr float kLargestHalf = 65504.0f;

// Values beyond the largest half are clamped to it, as the converter does.
std::vector<uint16_t> to_halves(const Buffer& floats) {
  std::vector<uint16_t> halves;
  halves.reserve(floats.size() / sizeof(float));
  floats.each_part<float>([&](std::span<const float> values) {
    for (const float value : values) {
      halves.push_back(float_to_half(std::clamp(value, -kLargestHalf, kLargestHalf)));
    }
  });
  return halves;
}

}  // namespace

Model quantize_float16(const Model& model, const ConvertOptions& options, ConvertNotes& notes) {
  Model result = model;
  Graph& graph = result.graph;
  std::vector<Node> nodes;
  std::map<ValueId, ValueId> widened;
  for (Node node : result.graph.nodes) {
    const bool kept = is_kept_float(graph, node, options.keep_float);
    for (ValueId& id : node.inputs) {
      if (!id.valid() || !graph[id].is_constant() || graph[id].dtype != DType::float32) continue;
      if (kept) {
        notes.kept_float.push_back("'" + graph[id].name + "': asked for");
        continue;
      }
      auto [place, is_new] = widened.try_emplace(id);
      if (is_new) {
        Value half{.name = graph[id].name, .dtype = DType::float16, .shape = graph[id].shape};
        half.data = Buffer::take(to_halves(*graph[id].data));
        graph[id].data->let_go();
        Value full{.name = graph[id].name + "_float32", .shape = graph[id].shape};
        const ValueId from = graph.add(std::move(half));
        place->second = graph.add(std::move(full));
        nodes.push_back(
            {.op = std::make_shared<Dequantize>(), .inputs = {from}, .outputs = {place->second}});
      }
      id = place->second;
    }
    nodes.push_back(std::move(node));
  }
  graph.nodes = std::move(nodes);
  return result;
}

}  // namespace litesmith
