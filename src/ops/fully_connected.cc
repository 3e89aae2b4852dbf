#include "ops/fully_connected.h"

#include "base/checked.h"
#include "base/error.h"
#include "ir/graph.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  const auto& op = node.as<FullyConnected>();
  const Value& input = node.input(0);
  const Value& weights = node.input(1);
  auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::data, "FULLY_CONNECTED: " + why + " (input " + to_string(input.shape) +
                                     ", weights " + to_string(weights.shape) + ")");
  };
  if (op.weights_format != 0) refuse("shuffled weights are not supported");
  if (weights.shape.size() != 2 || !is_static(weights.shape) || weights.shape[1] == 0) {
    refuse("weights must be [out, in]");
  }
  if (input.shape.empty()) refuse("the input is a scalar");
  const int32_t units = weights.shape[0];
  const int32_t depth = weights.shape[1];
  const Value* bias = node.optional_input(2);
  if (bias != nullptr && element_count(bias->shape) != units) refuse("the bias does not fit");
  // A hybrid or 16x8 output keeps the input's type; only a float output of int8 input differs.
  const DType dtype = input.dtype;
  if (op.keep_num_dims) {
    if (input.shape.back() >= 0 && input.shape.back() != depth) refuse("the sizes do not fit");
    Shape shape = input.shape;
    shape.back() = units;
    return {{dtype, shape}};
  }
  int32_t rows = kDynamic;
  if (is_static(input.shape)) {
    const int64_t count = element_count(input.shape);
    if (count % depth != 0) refuse("the sizes do not fit");
    rows = static_cast<int32_t>(count / depth);
  } else if (input.shape.size() == 2 && input.shape[1] >= 0 && input.shape[1] != depth) {
    refuse("the sizes do not fit");
  }
  return {{dtype, {rows, units}}};
}

int version(const NodeView& node) {
  const auto& op = node.as<FullyConnected>();
  const Value& weights = node.input(1);
  if (has_dtype(node, 0, DType::int16)) return weights.dtype == DType::int16 ? 7 : 11;
  if (is_hybrid(node) && weights.quantization.per_channel()) return 12;
  if (node.inputs.size() == 2) return 6;
  if (op.keep_num_dims) return 5;
  if (has_dtype(node, 0, DType::int8)) return weights.dtype == DType::int4 ? 10 : 4;
  if (is_hybrid(node)) return op.asymmetric_quantize_inputs ? 9 : 3;
  return op.weights_format != 0 ? 2 : 1;
}

Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const Shape& shape = node.input(input).shape;
  // Rows correspond when the input is not flattened.
  if (input != 0 || shape.size() != outputs[0].dims.size()) return Region::all(shape);
  Region region = outputs[0];
  if (region.dims[0].size() != shape[0]) return Region::all(shape);
  region.dims.back() = IndexSet::all(shape.back());
  return region;
}

int64_t macs(const NodeView& node) {
  return checked_product(
      {element_count(with_dynamic_as(node.outputs.at(0)->shape, 1)), node.input(1).shape[1]});
}

}  // namespace

const OpDef& FullyConnected::definition() {
  static const OpDef def = {
      .code = 9,
      .name = "FULLY_CONNECTED",
      .options_tag = 8,
      .make = make_op<FullyConnected>,
      .infer = infer,
      .version = version,
      .runtime_versions = {"1.5.0", "1.10.0", "1.14.0", "1.14.0", "2.0.0", "2.1.0", "2.3.0",
                           "2.3.0", "2.3.0", "2.11.0", "2.15.0", "2.17.0", "2.18.0", "2.21.0"},
      .quant = {.int8 = true,
                .int16 = true,
                .weights = {{1, 0}},
                .bias = 2,
                .version_int16 = 4,
                .hybrid = {{1, 0}}},
      .macs = macs,
      .activation = [](Op& op) { return &static_cast<FullyConnected&>(op).activation; },
      .set_asymmetric_inputs =
          [](Op& op) { static_cast<FullyConnected&>(op).asymmetric_quantize_inputs = true; },
      .prepare_int16 =
          [](Op& op) { static_cast<FullyConnected&>(op).quantized_bias_type = DType::int64; },
      .needed = needed,
  };
  return def;
}

}  // namespace litesmith
