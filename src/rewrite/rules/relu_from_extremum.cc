// MAXIMUM(x, 0)
//   becomes RELU(x).
//
// MINIMUM(RELU(x), 6) and RELU(MINIMUM(x, 6)) become RELU6(x); MAXIMUM and MINIMUM with -1 and 1,
// in either order, RELU_N1_TO_1(x); with 0 and 1, RELU_0_TO_1(x).
#include <optional>

#include "ops/binary.h"
#include "ops/unary.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

// What is let through of x.
struct Clamp {
  ValueId x;
  std::optional<float> low;
  std::optional<float> high;
};

// A MAXIMUM or MINIMUM with a constant of one element, or a RELU, as a clamp.
std::optional<Clamp> one_sided(const Editor& edit, const Node& node) {
  if (node.as<Relu>() != nullptr) return Clamp{node.inputs.at(0), 0.0f, std::nullopt};
  const bool from_below = node.as<Maximum>() != nullptr;
  if (!from_below && node.as<Minimum>() == nullptr) return std::nullopt;
  const auto bound = float_scalar(edit, node.inputs.at(1));
  const bool fits = interchangeable(edit.value(node.inputs.at(0)), edit.value(node.outputs.at(0)));
  if (!bound || !fits) return std::nullopt;
  return from_below ? Clamp{node.inputs[0], bound, std::nullopt}
                    : Clamp{node.inputs[0], std::nullopt, bound};
}

// The op that clamps so; null when there is none.
std::shared_ptr<const Op> named(const Clamp& clamp) {
  if (clamp.low == 0.0f && !clamp.high) return std::make_shared<Relu>();
  if (clamp.low == 0.0f && clamp.high == 6.0f) return std::make_shared<Relu6>();
  if (clamp.low == -1.0f && clamp.high == 1.0f) return std::make_shared<ReluN1To1>();
  if (clamp.low == 0.0f && clamp.high == 1.0f) return std::make_shared<Relu0To1>();
  return nullptr;
}

}  // namespace

bool relu_from_extremum(Editor& edit, size_t node) {
  const auto outer = one_sided(edit, edit.node(node));
  if (!outer || !is_plain_float(edit.value(outer->x))) return false;
  Clamp clamp = *outer;
  if (const auto before = edit.producer(outer->x)) {
    const auto inner = one_sided(edit, edit.node(*before));
    // One bound from each; two of one kind stay two ops.
    if (inner && inner->low.has_value() != outer->low.has_value()) {
      const Clamp both{inner->x, inner->low ? inner->low : outer->low,
                       inner->high ? inner->high : outer->high};
      if (named(both) != nullptr) clamp = both;
    }
  }
  auto op = named(clamp);
  if (op == nullptr || &op->def() == &edit.node(node).def()) return false;
  edit.change(node, std::move(op), {clamp.x});
  return true;
}

}  // namespace litesmith::rules
