#include "quantize/keep_float.h"

#include <algorithm>
#include <cctype>

#include "base/error.h"

namespace litesmith {
namespace {

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::toupper(static_cast<unsigned char>(x)) ==
           std::toupper(static_cast<unsigned char>(y));
  });
}

bool names(const Graph& graph, const Node& node, const std::string& entry) {
  return same_letters(entry, node.def().name) ||
         std::any_of(node.outputs.begin(), node.outputs.end(),
                     [&](ValueId id) { return graph[id].name == entry; });
}

}  // namespace

bool is_kept_float(const Graph& graph, const Node& node, std::span<const std::string> keep_float) {
  return std::any_of(keep_float.begin(), keep_float.end(),
                     [&](const std::string& entry) { return names(graph, node, entry); });
}

void check_keep_float(const Graph& graph, std::span<const std::string> keep_float) {
  Diagnostics findings;
  for (const std::string& entry : keep_float) {
    if (std::none_of(graph.nodes.begin(), graph.nodes.end(),
                     [&](const Node& node) { return names(graph, node, entry); })) {
      findings.error(ErrorCode::usage, "'" + entry +
                                           "' is neither an op of this model (CONV_2D, SOFTMAX, "
                                           "...) nor a tensor that one makes");
    }
  }
  findings.throw_if_errors("ops to keep float");
}

}  // namespace litesmith
