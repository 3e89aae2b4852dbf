// RESHAPE(FULLY_CONNECTED(x, w, b), [x's shape with the units last])
//   becomes FULLY_CONNECTED(x, w, b) {keep_num_dims}.
//
// Fixed shapes only, as TensorFlow does it.
#include <algorithm>

#include "ops/fully_connected.h"
#include "ops/reshape.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool dense_keeps_dims(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  if (op.as<Reshape>() == nullptr) return false;
  const ValueId between = op.inputs.at(0);
  const auto before = edit.producer_as<FullyConnected>(between);
  if (!before || !edit.read_once(between)) return false;
  const auto* dense = edit.node(*before).as<FullyConnected>();
  if (dense->keep_num_dims || dense->weights_format != WeightsFormat::standard) return false;
  const Value& made = edit.value(between);
  const Value& wanted = edit.value(op.outputs.at(0));
  const Shape& from = edit.value(edit.node(*before).inputs.at(0)).shape;
  if (!is_static(from) || !is_static(made.shape) || !is_static(wanted.shape)) return false;
  if (from.size() != wanted.shape.size() || from.empty() ||
      made.shape.back() != wanted.shape.back() ||
      !std::equal(from.begin(), from.end() - 1, wanted.shape.begin()) ||
      made.quantization != wanted.quantization) {
    return false;
  }
  auto keeping = std::make_shared<FullyConnected>(*dense);
  keeping->keep_num_dims = true;
  edit.change(node, std::move(keeping), edit.node(*before).inputs);
  return true;
}

}  // namespace litesmith::rules
