#include "ops/l2_normalization.h"

#include <string>

#include "ir/graph.h"
#include "ops/inference.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  std::vector<InferredOutput> outputs = infer_like_input(node);
  if (outputs[0].shape.empty() || outputs[0].shape.size() > 4) {
    refuse(node, "a rank of " + std::to_string(outputs[0].shape.size()) + " is not from 1 to 4");
  }
  return outputs;
}

int version(const NodeView& node) { return node.input(0).dtype == DType::int8 ? 2 : 1; }

}  // namespace

const OpDef& L2Normalization::definition() {
  static const OpDef def = {.code = 11,
                            .name = "L2_NORMALIZATION",
                            .options_tag = 12,
                            .make = make_op<L2Normalization>,
                            .infer = infer,
                            .version = version,
                            .runtime_versions = {"1.5.0", "1.14.0"},
                            .quant = {.int8 = true, .fixed_int8 = FixedScale{1.0f / 128, 0}}};
  return def;
}

}  // namespace litesmith
