#include "ops/pow.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  const Shape shape = broadcast_operands(node);
  return {{node.input(0).dtype, shape}};
}

}  // namespace

const OpDef& Pow::definition() {
  static const OpDef def = {.code = 78,
                            .name = "POW",
                            .options_tag = 56,
                            .make = make_op<Pow>,
                            .infer = infer,
                            .version = version_1,
                            .runtime_versions = {"1.10.0"},
                            .needed = needed_same_place};
  return def;
}

}  // namespace litesmith
