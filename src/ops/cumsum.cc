#include "ops/cumsum.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  if (const auto axis = known_integer(node, 1)) axis_of(node, *axis, input.shape.size());
  if (input.shape.empty()) refuse(node, "a single number has no axis");
  return {{input.dtype, input.shape}};
}

}  // namespace

const OpDef& Cumsum::definition() {
  static const OpDef def = {.code = 128,
                            .name = "CUMSUM",
                            .options_tag = 102,
                            .make = make_op<Cumsum>,
                            .infer = infer,
                            .version = version_1,
                            .runtime_versions = {"2.4.0"}};
  return def;
}

}  // namespace litesmith
