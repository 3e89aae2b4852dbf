#include "ops/softmax.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 1, 1);
  const Value& input = node.input(0);
  if (input.shape.empty()) refuse(node, "the input is a scalar");
  return {{input.dtype, input.shape}};
}

// Eight bits in may be sixteen out (TFLite Micro).
std::vector<InferredOutput> infer_softmax(const NodeView& node) {
  auto outputs = infer(node);
  if (outputs[0].dtype == DType::int8 || outputs[0].dtype == DType::uint8) {
    outputs[0].dtype = stated_dtype(node, 0, outputs[0].dtype, {DType::int16});
  }
  return outputs;
}

int version_softmax(const NodeView& node) {
  return has_dtype(node, 0, DType::float16) ? 4 : version_8_2_16_3(node);
}

}  // namespace

const OpDef& Softmax::definition() {
  static const OpDef def = {.code = 25,
                            .name = "SOFTMAX",
                            .options_tag = 9,
                            .make = make_op<Softmax>,
                            .infer = infer_softmax,
                            .version = version_softmax,
                            .runtime_versions = {"1.5.0", "1.14.0", "2.3.0", "2.23.0"},
                            .quant = {.int8 = true,
                                      .int16 = true,
                                      .fixed_int8 = {{1.0f / 256, -128}},
                                      .fixed_int16 = {{1.0f / 32768, 0}},
                                      .version_int16 = 2},
                            .needed = needed_rows};
  return def;
}

const OpDef& LogSoftmax::definition() {
  static const OpDef def = {.code = 50,
                            .name = "LOG_SOFTMAX",
                            .options_tag = 36,
                            .make = make_op<LogSoftmax>,
                            .infer = infer,
                            .version = version_8_2,
                            .runtime_versions = {"1.14.0", "1.14.0"},
                            .quant = {.int8 = true, .fixed_int8 = {{16.0f / 256, 127}}},
                            .needed = needed_rows};
  return def;
}

}  // namespace litesmith
