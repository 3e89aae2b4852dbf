// FULLY_CONNECTED(RESHAPE(x, s), w, b), where the reshape leaves the last dimension
//   becomes FULLY_CONNECTED(x, w, b).
//
// A dense layer that does not keep its dimensions counts rows whatever the shape above them. Fixed
// shapes only, as TensorFlow does it.
#include "ops/fully_connected.h"
#include "ops/reshape.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool dense_without_reshape(Editor& edit, size_t node) {
  const auto* dense = edit.node(node).as<FullyConnected>();
  if (dense == nullptr || dense->keep_num_dims || dense->weights_format != WeightsFormat::standard)
    return false;
  const auto reshape = edit.producer_as<Reshape>(edit.node(node).inputs.at(0));
  if (!reshape) return false;
  const ValueId x = edit.node(*reshape).inputs.at(0);
  const Shape& from = edit.value(x).shape;
  const Shape& to = edit.value(edit.node(node).inputs[0]).shape;
  const bool fixed = is_static(from) && is_static(to) &&
                     is_static(edit.value(edit.node(node).outputs.at(0)).shape);
  if (!fixed || from.empty() || to.empty() || from.back() != to.back()) return false;
  std::vector<ValueId> inputs = edit.node(node).inputs;
  inputs[0] = x;
  edit.change(node, edit.node(node).op, std::move(inputs));
  return true;
}

}  // namespace litesmith::rules
