#include "ops/activation_layers.h"

#include "base/error.h"
#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer_prelu(const NodeView& node) {
  require_operands(node, 2, 2);
  const Value& input = node.input(0);
  const Shape& alpha = node.input(1).shape;
  if (!merged(with_context("PRELU", [&] { return broadcast(input.shape, alpha); }), input.shape)) {
    refuse(node,
           "an alpha " + to_string(alpha) + " does not fit an input " + to_string(input.shape));
  }
  return {{input.dtype, input.shape}};
}

int version_leaky(const NodeView& node) { return has_dtype(node, 0, DType::int16) ? 2 : 1; }

int version_gelu(const NodeView& node) {
  if (has_dtype(node, 0, DType::float16)) return 3;
  return has_dtype(node, 0, DType::int8) || has_dtype(node, 0, DType::uint8) ? 2 : 1;
}

}  // namespace

const OpDef& LeakyRelu::definition() {
  static const OpDef def = {.code = 98,
                            .name = "LEAKY_RELU",
                            .options_tag = 75,
                            .make = make_op<LeakyRelu>,
                            .infer = infer_like_input,
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
                            .infer = infer_like_input,
                            .version = version_gelu,
                            .runtime_versions = {"2.9.0", "2.9.0", "2.23.0"},
                            .quant = {.int8 = true, .int16 = true, .version_int16 = 2},
                            .needed = needed_same_place};
  return def;
}

}  // namespace litesmith
