#include "ops/activation_layers.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  return {{node.input(0).dtype, node.input(0).shape}};
}

std::vector<InferredOutput> infer_prelu(const NodeView& node) {
  const Value& input = node.input(0);
  if (broadcast(input.shape, node.input(1).shape) != input.shape) {
    throw Error(ErrorCode::data, "PRELU: alpha " + to_string(node.input(1).shape) +
                                     " does not fit an input " + to_string(input.shape));
  }
  return {{input.dtype, input.shape}};
}

int version_leaky(const NodeView& node) { return has_dtype(node, 0, DType::int16) ? 2 : 1; }

}  // namespace

const OpDef& LeakyRelu::definition() {
  static const OpDef def = {.code = 98,
                            .name = "LEAKY_RELU",
                            .options_tag = 75,
                            .make = make_op<LeakyRelu>,
                            .infer = infer,
                            .version = version_leaky,
                            .runtime_versions = {"1.13.1", "2.3.0"},
                            .quant = {.int8 = true, .int16 = true, .version_int16 = 2},
                            .needed = needed_same_place};
  return def;
}

const OpDef& Prelu::definition() {
  static const OpDef def = {.code = 54,
                            .name = "PRELU",
                            .options_tag = 0,
                            .make = make_op<Prelu>,
                            .infer = infer_prelu,
                            .version = version_1,
                            .runtime_versions = {"1.8.0"},
                            .quant = {.int8 = true, .weights = {{1, -1}}},
                            .needed = needed_same_place};
  return def;
}

const OpDef& Gelu::definition() {
  static const OpDef def = {.code = 150,
                            .name = "GELU",
                            .options_tag = 116,
                            .make = make_op<Gelu>,
                            .infer = infer,
                            .version = version_8_2,
                            .runtime_versions = {"2.9.0", "2.9.0", "2.23.0"},
                            .quant = {.int8 = true, .int16 = true, .version_int16 = 2},
                            .needed = needed_same_place};
  return def;
}

}  // namespace litesmith
