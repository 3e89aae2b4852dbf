#include "ops/logical.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

void require_booleans(const NodeView& node) {
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.input(i).dtype == DType::boolean) continue;
    refuse(node, "operand " + std::to_string(i) + " is " +
                     std::string(to_string(node.input(i).dtype)) + ", not bool");
  }
}

std::vector<InferredOutput> infer_two(const NodeView& node) {
  require_operands(node, 2, 2);
  require_booleans(node);
  return {{DType::boolean, with_context(node.op.def().name, [&] {
             return broadcast(node.input(0).shape, node.input(1).shape);
           })}};
}

std::vector<InferredOutput> infer_not(const NodeView& node) {
  require_operands(node, 1, 1);
  require_booleans(node);
  return infer_like_input(node);
}

template <class T>
OpDef make_def(int32_t code, std::string_view name, uint8_t options_tag,
               std::vector<InferredOutput> (*infer)(const NodeView&)) {
  return {.code = code,
          .name = name,
          .options_tag = options_tag,
          .make = make_op<T>,
          .infer = infer,
          .version = version_1,
          .runtime_versions = {"1.11.0"},
          .needed = needed_same_place};
}

}  // namespace

const OpDef& LogicalAnd::definition() {
  static const OpDef def = make_def<LogicalAnd>(86, "LOGICAL_AND", 62, infer_two);
  return def;
}

const OpDef& LogicalOr::definition() {
  static const OpDef def = make_def<LogicalOr>(84, "LOGICAL_OR", 60, infer_two);
  return def;
}

const OpDef& LogicalNot::definition() {
  static const OpDef def = make_def<LogicalNot>(87, "LOGICAL_NOT", 63, infer_not);
  return def;
}

}  // namespace litesmith
