// MAXIMUM(MUL(x, a), x), where a is a number below 1
//   becomes LEAKY_RELU(x) {a}.
#include <cmath>
#include <utility>

#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool leaky_relu(Editor& edit, size_t node) {
  if (edit.node(node).as<Maximum>() == nullptr) return false;
  for (const auto& [product, x] :
       {std::pair{edit.node(node).inputs.at(0), edit.node(node).inputs.at(1)},
        std::pair{edit.node(node).inputs.at(1), edit.node(node).inputs.at(0)}}) {
    const auto made_by = edit.producer_as<Mul>(product);
    if (!made_by || !edit.read_once(product)) continue;
    const Node& scaled = edit.node(*made_by);
    const auto alpha = float_scalar(edit, scaled.inputs.at(1));
    if (scaled.inputs.at(0) != x || !alpha || !(std::abs(*alpha) < 1.0f) ||
        fused_activation(*scaled.op) != Activation::none ||
        !interchangeable(edit.value(x), edit.value(edit.node(node).outputs.at(0)))) {
      continue;
    }
    auto op = std::make_shared<LeakyRelu>();
    op->alpha = *alpha;
    edit.change(node, std::move(op), {x});
    return true;
  }
  return false;
}

}  // namespace litesmith::rules
