// ADD(x, y) and, later, ADD(x, y)
//   become one.
//
// For any two ops with equal attributes that read the same values.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "ir/attributes.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

bool may_be_shared(const Editor& edit, const Node& node) {
  // What is read from a state may have changed; outputs of the graph keep the op that makes them.
  return !node.outputs.empty() && !edit.touches_state(node) &&
         std::none_of(node.outputs.begin(), node.outputs.end(),
                      [&](ValueId id) { return !id.valid() || edit.is_output(id); });
}

bool same_outputs(const Editor& edit, const Node& a, const Node& b) {
  return std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(),
                    [&](ValueId x, ValueId y) {
                      return x.valid() && interchangeable(edit.value(x), edit.value(y));
                    });
}

}  // namespace

int share_equal_nodes(Editor& edit) {
  using Key = std::tuple<const OpDef*, std::vector<ValueId>, std::string>;
  std::map<Key, std::vector<size_t>> seen;
  int shared = 0;
  for (size_t i = 0; i < edit.node_count(); ++i) {
    if (!edit.alive(i)) continue;
    const Node& node = edit.node(i);
    auto& candidates = seen[{&node.def(), node.inputs, attribute_text(*node.op)}];
    const auto twin = std::find_if(candidates.begin(), candidates.end(), [&](size_t other) {
      return edit.alive(other) && same_outputs(edit, edit.node(other), node);
    });
    if (twin == candidates.end() || !may_be_shared(edit, node)) {
      candidates.push_back(i);
      continue;
    }
    const std::vector<ValueId> outputs = node.outputs;
    for (size_t o = 0; o < outputs.size(); ++o) {
      edit.read_instead(outputs[o], edit.node(*twin).outputs[o]);
    }
    edit.remove_if_unread(i);
    ++shared;
  }
  return shared;
}

}  // namespace litesmith::rules
