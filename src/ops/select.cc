#include "ops/select.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

void require_types(const NodeView& node) {
  require_operands(node, 3, 3);
  if (node.input(0).dtype != DType::boolean) {
    refuse(node, "the condition is " + std::string(to_string(node.input(0).dtype)) + ", not bool");
  }
  if (node.input(1).dtype != node.input(2).dtype) {
    refuse(node, "the values are " + std::string(to_string(node.input(1).dtype)) + " and " +
                     std::string(to_string(node.input(2).dtype)));
  }
}

std::vector<InferredOutput> infer_select(const NodeView& node) {
  require_types(node);
  const Shape& condition = node.input(0).shape;
  const auto values = merged(node.input(1).shape, node.input(2).shape);
  if (!values) {
    refuse(node, "the values " + to_string(node.input(1).shape) + " and " +
                     to_string(node.input(2).shape) + " differ in shape");
  }
  const bool by_row =
      condition.size() == 1 && !values->empty() && merged(condition, {values->front()}).has_value();
  if (!condition.empty() && !by_row && !merged(condition, *values)) {
    refuse(node,
           "a condition " + to_string(condition) + " does not fit values " + to_string(*values));
  }
  return {{node.input(1).dtype, *values}};
}

std::vector<InferredOutput> infer_select_v2(const NodeView& node) {
  require_types(node);
  return {{node.input(1).dtype, with_context(node.op.def().name, [&] {
             return broadcast(node.input(0).shape,
                              broadcast(node.input(1).shape, node.input(2).shape));
           })}};
}

// The converter looks at the type of the condition, as op_version.cc has it.
int version_select(const NodeView& node) {
  for (const Value* value : node.inputs) {
    if (value->shape.size() == 5) return 3;
  }
  return 1;
}

Region needed_select(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  if (shape.size() != node.input(1).shape.size()) return Region::all(shape);
  return needed_same_place(node, input, outputs);
}

}  // namespace

const OpDef& Select::definition() {
  static const OpDef def = {.code = 64,
                            .name = "SELECT",
                            .options_tag = 47,
                            .make = make_op<Select>,
                            .infer = infer_select,
                            .version = version_select,
                            .runtime_versions = {"1.14.0", "1.14.0", "2.12.0", "2.12.0"},
                            .needed = needed_select};
  return def;
}

const OpDef& SelectV2::definition() {
  static const OpDef def = {.code = 123,
                            .name = "SELECT_V2",
                            .options_tag = 98,
                            .make = make_op<SelectV2>,
                            .infer = infer_select_v2,
                            .version = version_1,
                            .runtime_versions = {"2.2.0", "2.12.0"},
                            .needed = needed_same_place};
  return def;
}

}  // namespace litesmith
