// RESHAPE(MEAN(x, axes), [x's shape with 1 at the axes])
//   becomes MEAN(x, axes) {keep_dims}.
//
// So for SUM, REDUCE_MAX and REDUCE_MIN.
#include <array>
#include <utility>

#include "ops/reduce.h"
#include "ops/reshape.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

// The reduction with its dimensions kept; null for another op, or one that keeps them already.
std::shared_ptr<const Op> keeping(const Node& node) {
  auto keep = [](const auto* op) -> std::shared_ptr<const Op> {
    if (op == nullptr || op->keep_dims) return nullptr;
    auto copy = std::make_shared<std::decay_t<decltype(*op)>>(*op);
    copy->keep_dims = true;
    return copy;
  };
  for (auto made : {keep(node.as<Mean>()), keep(node.as<Sum>()), keep(node.as<ReduceMax>()),
                    keep(node.as<ReduceMin>())}) {
    if (made != nullptr) return made;
  }
  return nullptr;
}

}  // namespace

bool keep_reduced_dims(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  if (op.as<Reshape>() == nullptr || op.inputs.size() < 2) return false;
  const ValueId between = op.inputs[0];
  const auto target = int32_constant(edit, op.inputs[1]);
  const auto before = edit.producer(between);
  if (!before || !target || !edit.read_once(between)) return false;
  const Node& reduction = edit.node(*before);
  auto kept = keeping(reduction);
  if (kept == nullptr || !int32_constant(edit, reduction.inputs.at(1))) return false;
  const Shape& shape = edit.value(reduction.inputs.at(0)).shape;
  const auto reduced = reduced_dimensions(shape, edit.value(reduction.inputs[1]));
  if (target->size() != shape.size()) return false;
  for (size_t d = 0; d < shape.size(); ++d) {
    if ((*target)[d] != (reduced[d] ? 1 : shape[d])) return false;
  }
  if (edit.value(between).quantization != edit.value(op.outputs.at(0)).quantization) return false;
  edit.change(node, std::move(kept), reduction.inputs);
  return true;
}

}  // namespace litesmith::rules
