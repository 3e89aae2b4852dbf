#include "ops/while.h"

#include "ops/inference.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  std::vector<InferredOutput> outputs = stated_outputs(node);
  if (outputs.size() != node.inputs.size()) {
    refuse(node, std::to_string(node.inputs.size()) + " operands come out as " +
                     std::to_string(outputs.size()));
  }
  for (size_t i = 0; i < outputs.size(); ++i) outputs[i].dtype = node.input(i).dtype;
  return outputs;
}

}  // namespace

const OpDef& While::definition() {
  static const OpDef def = {.code = 119,
                            .name = "WHILE",
                            .options_tag = 93,
                            .make = make_op<While>,
                            .infer = infer,
                            .version = version_1,
                            .runtime_versions = {"1.15.0"}};
  return def;
}

}  // namespace litesmith
