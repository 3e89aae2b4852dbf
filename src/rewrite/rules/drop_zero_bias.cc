// FULLY_CONNECTED(x, w, 0)
//   becomes FULLY_CONNECTED(x, w).
//
// Convolutions keep a bias of zeros: LiteRT's kernels and its quantizer expect one.
#include <algorithm>

#include "ops/fully_connected.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool drop_zero_bias(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  if (op.as<FullyConnected>() == nullptr || op.inputs.size() < 3) return false;
  const auto bias = float_constant(edit, op.inputs[2]);
  if (!bias || !std::all_of(bias->begin(), bias->end(), [](float b) { return b == 0; })) {
    return false;
  }
  std::vector<ValueId> inputs = op.inputs;
  inputs[2] = ValueId{};
  edit.change(node, op.op, std::move(inputs));
  return true;
}

}  // namespace litesmith::rules
