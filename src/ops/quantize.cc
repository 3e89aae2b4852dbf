#include "ops/quantize.h"

#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

// What a QUANTIZE makes is told by its output tensor, not by its input.
std::vector<InferredOutput> infer_quantize(const NodeView& node) {
  require_operands(node, 1, 1);
  const DType dtype = node.outputs.empty() ? DType::int8 : node.outputs[0]->dtype;
  return {{dtype, node.input(0).shape}};
}

std::vector<InferredOutput> infer_dequantize(const NodeView& node) {
  require_operands(node, 1, 1);
  return {{DType::float32, node.input(0).shape}};
}

// With several scales, one for each slice.
bool is_per_channel(const Value& value) {
  const auto dimension = static_cast<size_t>(value.quantization.dimension);
  return value.quantization.per_channel() && has_scale_per_slice(value, dimension);
}

int version_quantize(const NodeView& node) {
  const Value& output = *node.outputs.at(0);
  if (has_dtype(node, 0, DType::uint4) || output.dtype == DType::uint4) return 5;
  if (has_dtype(node, 0, DType::int4) || output.dtype == DType::int4) return 4;
  if (is_per_channel(output)) return 3;
  return output.dtype == DType::int16 ? 2 : 1;
}

int version_dequantize(const NodeView& node) {
  const Value& input = node.input(0);
  switch (input.dtype) {
    case DType::float8_e4m3fn:
    case DType::float8_e5m2:
      return 9;
    case DType::uint4:
      return 8;
    case DType::int2:
      return 7;
    case DType::int4:
      return 6;
    case DType::int16:
    case DType::float16:
      return 3;
    case DType::int8:
      return is_per_channel(input) ? 5 : 2;
    default:
      return 1;
  }
}

}  // namespace

const OpDef& Quantize::definition() {
  static const OpDef def = {
      .code = 114,
      .name = "QUANTIZE",
      .options_tag = 89,
      .make = make_op<Quantize>,
      .infer = infer_quantize,
      .version = version_quantize,
      .runtime_versions = {"1.14.0", "1.15.0", "2.7.0", "2.21.0", "2.21.0", "2.21.0"},
      .quant = {.version_int16 = 2},
      .needed = needed_same_place};
  return def;
}

const OpDef& Dequantize::definition() {
  static const OpDef def = {.code = 6,
                            .name = "DEQUANTIZE",
                            .options_tag = 38,
                            .make = make_op<Dequantize>,
                            .infer = infer_dequantize,
                            .version = version_dequantize,
                            .runtime_versions = {"1.13.1", "1.14.0", "1.15.0", "2.2.0", "2.7.0",
                                                 "2.18.0", "2.21.0", "2.22.0", "2.23.0"},
                            .quant = {.version_int16 = 2},
                            .needed = needed_same_place};
  return def;
}

}  // namespace litesmith
