#include "ops/min_runtime_version.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <system_error>

#include "base/error.h"
#include "ops/ops.h"

namespace litesmith {
namespace {

// "2.14.0" by its numbers; those left out are 0.
std::array<int, 3> parse(std::string_view text) {
  std::array<int, 3> numbers{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int& number : numbers) {
    if (at == end) break;
    const auto [stop, problem] = std::from_chars(at, end, number);
    check(problem == std::errc() && (stop == end || *stop == '.'),
          "a release: '" + std::string(text) + "'");
    at = stop == end ? end : stop + 1;
  }
  check(at == end, "a release: '" + std::string(text) + "'");
  return numbers;
}

bool is_int16_node(const NodeView& view) {
  auto is_int16_activation = [](const Value* value) {
    return value != nullptr && value->dtype == DType::int16 && value->quantization.present();
  };
  return std::any_of(view.inputs.begin(), view.inputs.end(), is_int16_activation) ||
         std::any_of(view.outputs.begin(), view.outputs.end(), is_int16_activation);
}

}  // namespace

bool is_later(std::string_view a, std::string_view b) { return parse(a) > parse(b); }

int32_t written_version(const Graph& graph, const Node& node) {
  const NodeView view = graph.view(node);
  if (node.source_version > 0 && is_int16_node(view)) return node.source_version;
  return node.def().version(view);
}

std::string min_runtime_version(const Model& model) {
  // A file has one version for each kind of op, the highest.
  std::map<const OpDef*, int32_t> versions;
  for (size_t i = 0; i < model.subgraph_count(); ++i) {
    const Graph& graph = model.subgraph(i);
    for (const Node& node : graph.nodes) {
      int32_t& version = versions[&node.def()];
      version = std::max(version, written_version(graph, node));
    }
  }
  std::string_view newest;
  for (const auto& [def, version] : versions) {
    const std::string_view needed = runtime_version(*def, version);
    if (is_later(needed, newest)) newest = needed;
  }
  return std::string(newest);
}

}  // namespace litesmith
