// MUL(MUL(x, ADD(x, 3) {RELU6}), 1/6)
//   becomes HARD_SWISH(x).
//
// The three factors come in any order and grouping; a DIV by 6 does as well as the MUL by 1/6.
#include <optional>

#include "ops/binary.h"
#include "ops/unary.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

// A product of values and one number.
struct Product {
  std::vector<ValueId> values;
  std::optional<float> number;
  bool divides = false;  // by the number
};

// A MUL or DIV as a product, its operands being numbers or values; nothing for other ops.
std::optional<Product> as_product(const Editor& edit, const Node& node) {
  const bool divides = node.as<Div>() != nullptr;
  if ((!divides && node.as<Mul>() == nullptr) || fused_activation(*node.op) != Activation::none) {
    return std::nullopt;
  }
  Product product{{node.inputs.at(0)}, float_scalar(edit, node.inputs.at(1)), divides};
  if (!product.number) {
    if (divides) return std::nullopt;
    product.values.push_back(node.inputs[1]);
  }
  return product;
}

// x, when the value is ADD(x, 3) {RELU6}.
std::optional<ValueId> shifted_clamp(const Editor& edit, ValueId id) {
  const auto made_by = edit.producer_as<Add>(id);
  if (!made_by) return std::nullopt;
  const Node& sum = edit.node(*made_by);
  if (fused_activation(*sum.op) != Activation::relu6) return std::nullopt;
  const auto three = float_scalar(edit, sum.inputs.at(1));
  return three == 3.0f ? std::optional(sum.inputs[0]) : std::nullopt;
}

bool is_sixth(const Product& product) {
  return product.number == (product.divides ? 6.0f : 1.0f / 6.0f);
}

}  // namespace

bool hard_swish(Editor& edit, size_t node) {
  const auto outer = as_product(edit, edit.node(node));
  if (!outer) return false;
  // The factors of the outer op, one of which is an inner product.
  for (size_t i = 0; i < outer->values.size(); ++i) {
    const auto made_by = edit.producer(outer->values[i]);
    if (!made_by) continue;
    const auto inner = as_product(edit, edit.node(*made_by));
    if (!inner || outer->number.has_value() == inner->number.has_value()) continue;
    if (!is_sixth(outer->number ? *outer : *inner)) continue;
    std::vector<ValueId> factors = inner->values;
    if (outer->values.size() == 2) factors.push_back(outer->values[1 - i]);
    if (factors.size() != 2) continue;
    for (size_t f = 0; f < 2; ++f) {
      const auto x = shifted_clamp(edit, factors[f]);
      if (x != factors[1 - f] || !is_plain_float(edit.value(*x)) ||
          !interchangeable(edit.value(*x), edit.value(edit.node(node).outputs.at(0)))) {
        continue;
      }
      edit.change(node, std::make_shared<HardSwish>(), {*x});
      return true;
    }
  }
  return false;
}

}  // namespace litesmith::rules
