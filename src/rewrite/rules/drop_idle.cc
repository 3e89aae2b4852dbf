// PAD(x, 0)
//   becomes x.
//
// So for every mover that leaves all elements where they are: TRANSPOSE by the identity, RESHAPE to
// the shape x has, SLICE of everything, TILE by 1, CONCATENATION of x alone, CAST to x's own type,
// a reduction over dimensions of 1.
#include <algorithm>
#include <array>
#include <utility>

#include "ops/arrange.h"
#include "ops/pad.h"
#include "ops/reduce.h"
#include "ops/reshape.h"
#include "ops/shape_and_cast.h"
#include "ops/slice.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

// Beyond an equal shape, what must hold for nothing to move.
using Condition = bool (*)(const Editor&, const Node&);

bool always(const Editor&, const Node&) { return true; }

bool all_equal(const Editor& edit, ValueId id, int32_t wanted) {
  const auto elements = int32_constant(edit, id);
  return elements && std::all_of(elements->begin(), elements->end(),
                                 [&](int32_t element) { return element == wanted; });
}

bool pads_nothing(const Editor& edit, const Node& node) {
  return all_equal(edit, node.inputs.at(1), 0);
}

bool is_identity(const Editor& edit, const Node& node) {
  const auto permutation = int32_constant(edit, node.inputs.at(1));
  if (!permutation) return false;
  for (size_t i = 0; i < permutation->size(); ++i) {
    if ((*permutation)[i] != static_cast<int32_t>(i)) return false;
  }
  return true;
}

// A reversed slice has the shape of its input too.
bool steps_by_one(const Editor& edit, const Node& node) {
  return all_equal(edit, node.inputs.at(3), 1);
}

// An open dimension looks the same before and after, so the operands must say it.
bool repeats_once(const Editor& edit, const Node& node) {
  return all_equal(edit, node.inputs.at(1), 1);
}

bool takes_everything(const Editor& edit, const Node& node) {
  return all_equal(edit, node.inputs.at(1), 0);
}

bool takes_one(const Editor&, const Node& node) {
  return node.inputs.size() == 1 && fused_activation(*node.op) == Activation::none;
}

bool is_float(const Editor& edit, const Node& node) {
  return is_plain_float(edit.value(node.inputs.at(0)));
}

Condition condition_of(const OpDef& def) {
  static const auto table = std::to_array<std::pair<const OpDef*, Condition>>({
      {&Reshape::definition(), always},
      {&Squeeze::definition(), always},
      {&Pad::definition(), pads_nothing},
      {&PadV2::definition(), pads_nothing},
      {&MirrorPad::definition(), pads_nothing},
      {&Transpose::definition(), is_identity},
      {&Slice::definition(), takes_everything},
      {&StridedSlice::definition(), steps_by_one},
      {&Tile::definition(), repeats_once},
      {&BroadcastTo::definition(), always},
      {&Concatenation::definition(), takes_one},
      {&Cast::definition(), always},
      {&Mean::definition(), is_float},
      {&Sum::definition(), is_float},
      {&ReduceMax::definition(), always},
      {&ReduceMin::definition(), always},
  });
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == &def; });
  return found == table.end() ? nullptr : found->second;
}

// The same shape, with at most one dimension that only a run can tell.
bool same_known_shape(const Shape& a, const Shape& b) {
  return a == b && std::count(a.begin(), a.end(), kDynamic) <= 1;
}

}  // namespace

bool drop_idle(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  const Condition condition = condition_of(op.def());
  if (condition == nullptr || op.inputs.empty() || !op.inputs[0].valid()) return false;
  const Value& input = edit.value(op.inputs[0]);
  const Value& output = edit.value(op.outputs.at(0));
  return !input.is_constant() && interchangeable(input, output) &&
         same_known_shape(input.shape, output.shape) && condition(edit, op) &&
         edit.replace(node, op.inputs[0]);
}

}  // namespace litesmith::rules
