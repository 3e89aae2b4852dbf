#include "ops/if.h"

#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  if (node.inputs.empty()) refuse(node, "it has no condition");
  const Value& condition = node.input(0);
  if (condition.dtype != DType::boolean) {
    refuse(node, "the condition is " + std::string(to_string(condition.dtype)) + ", not bool");
  }
  return stated_outputs(node);
}

}  // namespace

const OpDef& If::definition() {
  static const OpDef def = {.code = 118,
                            .name = "IF",
                            .options_tag = 92,
                            .make = make_op<If>,
                            .infer = infer,
                            .version = version_1,
                            .runtime_versions = {"1.15.0"}};
  return def;
}

}  // namespace litesmith
