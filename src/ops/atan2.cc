#include "ops/atan2.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

// LiteRT broadcasts nothing here.
std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 2);
  require_outputs(node, 1);
  const auto shape = merged(node.input(0).shape, node.input(1).shape);
  if (!shape || node.input(0).dtype != node.input(1).dtype) {
    refuse(node, "the operands " + to_string(node.input(0).shape) + " and " +
                     to_string(node.input(1).shape) + " are not of one type and shape");
  }
  return {{node.input(0).dtype, *shape}};
}

}  // namespace

const OpDef& Atan2::definition() {
  static const OpDef def = {.code = 156,
                            .name = "ATAN2",
                            .options_tag = 122,
                            .make = make_op<Atan2>,
                            .infer = infer,
                            .version = version_1,
                            .runtime_versions = {"2.10.0"},
                            .needed = needed_same_place};
  return def;
}

}  // namespace litesmith
