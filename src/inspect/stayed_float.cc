#include "inspect/stayed_float.h"

#include <algorithm>

#include "base/format.h"

namespace litesmith {
namespace {

// Which operand of the node the value is, -1 when it is none.
int operand_of(const Node& node, ValueId id) {
  const auto found = std::find(node.inputs.begin(), node.inputs.end(), id);
  return found == node.inputs.end() ? -1 : static_cast<int>(found - node.inputs.begin());
}

std::string why_in_dynamic_range(const Node& node, const Value& value, int operand) {
  const QuantSpec& quant = node.def().quant;
  const std::string name(node.def().name);
  const bool hybrid =
      std::any_of(quant.hybrid.begin(), quant.hybrid.end(),
                  [&](const WeightOperand& weight) { return weight.operand == operand; });
  if (!hybrid) {
    if (operand == quant.bias) return "a bias, which dynamic range leaves in float";
    return name + " has no kernel for int8 weights and float activations";
  }
  const int64_t count = element_count(value.shape);
  if (count < kDynamicRangeMinimumElements) {
    return with_commas(static_cast<size_t>(count)) + " elements, fewer than the " +
           with_commas(kDynamicRangeMinimumElements) + " that dynamic range asks for";
  }
  return name + " could have int8 weights here; whoever made the file left them in float";
}

}  // namespace

Numbers numbers_of(const Graph& graph) {
  bool integer_activations = false;
  bool integer_weights = false;
  bool halves = false;
  for (const Value& value : graph.values) {
    if (value.is_constant() && value.dtype == DType::float16) halves = true;
    if (!value.quantization.present()) continue;
    (value.is_constant() ? integer_weights : integer_activations) = true;
  }
  if (integer_activations) return Numbers::integer;
  if (integer_weights) return Numbers::dynamic_range;
  return halves ? Numbers::float16_weights : Numbers::floating;
}

std::string why_float(const Graph& graph, const Uses& uses, Numbers numbers, ValueId id) {
  const Value& value = graph[id];
  const auto& consumers = uses.consumers[static_cast<size_t>(id.index)];
  if (value.dtype != DType::float32 || numbers == Numbers::floating || consumers.empty()) return "";
  const Node& node = graph.nodes[static_cast<size_t>(consumers[0])];
  const int operand = operand_of(node, id);
  switch (numbers) {
    case Numbers::dynamic_range:
      return why_in_dynamic_range(node, value, operand);
    case Numbers::float16_weights:
      return "left in float32 by whoever made the file";
    case Numbers::integer:
      if (!node.def().quant.int8) {
        return std::string(node.def().name) +
               " has no integer version that the converter uses, so it runs in float";
      }
      return std::string(node.def().name) + " was left in float";
    case Numbers::floating:
      break;
  }
  return "";
}

}  // namespace litesmith
