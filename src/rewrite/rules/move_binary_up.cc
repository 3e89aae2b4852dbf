// ADD(RESHAPE(x, s), c)
//   becomes RESHAPE(ADD(x, c), s).
//
// So for SUB, MUL, DIV, MAXIMUM and MINIMUM, where c is a constant whose shape ends both x and the
// reshaped x; and for two operands of one shape that were reshaped alike. A bias or a batch norm
// behind a one-dimensional convolution meets the convolution this way.
#include <algorithm>
#include <array>

#include "ops/binary.h"
#include "ops/reshape.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

// LiteRT's kernels broadcast up to four dimensions.
constexpr size_t kMostDimensions = 4;

bool is_binary(const OpDef& def) {
  static const std::array<const OpDef*, 6> ops = {&Add::definition(),     &Sub::definition(),
                                                  &Mul::definition(),     &Div::definition(),
                                                  &Maximum::definition(), &Minimum::definition()};
  return std::find(ops.begin(), ops.end(), &def) != ops.end();
}

bool is_tail(const Shape& tail, const Shape& shape) {
  return tail.size() <= shape.size() && std::equal(tail.rbegin(), tail.rend(), shape.rbegin());
}

bool same_type(const Value& a, const Value& b) {
  return a.dtype == b.dtype && a.quantization == b.quantization;
}

// The reshape that makes a value for one reader, with a constant target.
std::optional<size_t> reshape_of(const Editor& edit, ValueId id, size_t reads) {
  const auto reshape = edit.producer_as<Reshape>(id);
  if (!reshape || edit.readers(id).size() != reads || edit.is_output(id)) return std::nullopt;
  const auto& inputs = edit.node(*reshape).inputs;
  if (inputs.size() < 2 || !int32_constant(edit, inputs[1])) return std::nullopt;
  return reshape;
}

// x where the second operand must stay as it is.
bool constant_fits(const Editor& edit, ValueId x, ValueId reshaped, ValueId constant) {
  const Value& c = edit.value(constant);
  const Shape& before = edit.value(x).shape;
  const Shape& after = edit.value(reshaped).shape;
  return c.is_constant() && same_type(c, edit.value(x)) && is_tail(c.shape, before) &&
         is_tail(c.shape, after) && before.size() <= kMostDimensions &&
         after.size() <= kMostDimensions;
}

}  // namespace

bool move_binary_up(Editor& edit, size_t node) {
  if (!is_binary(edit.node(node).def())) return false;
  const ValueId first = edit.node(node).inputs.at(0);
  const ValueId second = edit.node(node).inputs.at(1);
  if (!is_plain_float(edit.value(first)) || edit.value(first).is_constant()) return false;
  const size_t reads = first == second ? 2 : 1;
  const auto before = reshape_of(edit, first, reads);
  if (!before) return false;
  const ValueId x = edit.node(*before).inputs[0];
  ValueId y = second;
  if (!constant_fits(edit, x, first, second)) {
    const auto other = reshape_of(edit, second, reads);
    if (!other || edit.value(first).shape != edit.value(second).shape) return false;
    y = edit.node(*other).inputs[0];
    if (edit.value(x).shape != edit.value(y).shape || !same_type(edit.value(x), edit.value(y))) {
      return false;
    }
    // What the binary op will read must be made before the first reshape ran.
    const auto made_by = edit.producer(y);
    if (made_by && *made_by > *before) return false;
  }
  const auto binary = edit.node(node).op;
  const auto reshape = edit.node(*before).op;
  const ValueId target = edit.node(*before).inputs[1];
  // In this order: a value nobody reads for a moment would be taken out with what makes it.
  edit.change(*before, binary, {x, y});
  edit.change(node, reshape, {first, target});
  edit.restate(first, Shape(edit.value(x).shape));
  return true;
}

}  // namespace litesmith::rules
