// DIV(x, c)
//   becomes MUL(x, 1 / c).
//
// A division takes LiteRT's kernels several times as long. The reciprocals are rounded to float32.
#include "ops/binary.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool divide_to_multiply(Editor& edit, size_t node) {
  const auto* division = edit.node(node).as<Div>();
  if (division == nullptr) return false;
  const ValueId divisor = edit.node(node).inputs.at(1);
  const auto elements = float_constant(edit, divisor);
  if (!elements || !is_plain_float(edit.value(edit.node(node).inputs[0]))) return false;
  std::vector<float> reciprocals;
  for (const float element : *elements) reciprocals.push_back(1.0f / element);
  auto multiplication = std::make_shared<Mul>();
  multiplication->activation = division->activation;
  const ValueId factor = edit.add_constant(std::string(edit.value(divisor).name),
                                           Shape(edit.value(divisor).shape), reciprocals);
  edit.change(node, std::move(multiplication), {edit.node(node).inputs[0], factor});
  return true;
}

}  // namespace litesmith::rules
