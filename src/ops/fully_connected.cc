#include "ops/fully_connected.h"

#include "base/checked.h"
#include "ir/graph.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

// The rows that inputs of `depth` values each make, kDynamic when not known.
int32_t row_count(const NodeView& node, const Shape& input, int32_t depth) {
  auto refuse_depth = [&] {
    refuse(node, "an input " + to_string(input) + " has no rows of " + std::to_string(depth));
  };
  if (!is_static(input)) {
    if (input.size() == 2 && input[1] >= 0 && input[1] != depth) refuse_depth();
    return kDynamic;
  }
  if (depth == 0) return to_dimension(node, element_count(Shape(input.begin(), input.end() - 1)));
  const int64_t count = element_count(input);
  if (count % depth != 0) refuse_depth();
  return to_dimension(node, count / depth);
}

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 3);
  const auto& op = node.as<FullyConnected>();
  const Value& input = node.input(0);
  const Value& weights = node.input(1);
  if (weights.shape.size() != 2 || !is_static(weights.shape)) {
    refuse(node, "weights are [out, in], not " + to_string(weights.shape));
  }
  if (input.shape.empty()) refuse(node, "the input is a scalar");
  const int32_t units = weights.shape[0];
  const int32_t depth = weights.shape[1];
  const Value* bias = node.optional_input(2);
  if (bias != nullptr && element_count(bias->shape) != units) {
    refuse(node, "a bias " + to_string(bias->shape) + " does not fit weights " +
                     to_string(weights.shape));
  }
  // Eight bits in may be sixteen out (for LSTM cells of old converters).
  const bool eight_bits = input.dtype == DType::int8 || input.dtype == DType::uint8;
  const DType dtype = eight_bits ? stated_dtype(node, 0, input.dtype, {DType::int16}) : input.dtype;
  std::vector<InferredOutput> outputs;
  if (op.keep_num_dims) {
    Shape shape = input.shape;
    if (shape.back() >= 0 && shape.back() != depth) {
      refuse(node, "an input " + to_string(input.shape) + " does not fit weights " +
                       to_string(weights.shape));
    }
    shape.back() = units;
    outputs.push_back({dtype, shape});
  } else {
    outputs.push_back({dtype, {row_count(node, input.shape, depth), units}});
  }
  // Shuffled weights bring room for the shuffled input along.
  if (op.weights_format == WeightsFormat::shuffled4x16int8) {
    outputs.push_back({DType::uint8, input.shape});
  }
  return outputs;
}

int version(const NodeView& node) {
  const auto& op = node.as<FullyConnected>();
  if (has_dtype(node, 1, DType::int2)) return 14;
  if (computes(node, DType::int16, DType::int4, DType::int16)) return 13;
  if (is_hybrid(node) && has_scale_per_slice(node.input(1), 0)) return 12;
  if (computes(node, DType::int16, DType::int8, DType::int16)) return 11;
  if (computes(node, DType::int16, DType::int16, DType::int16)) return 7;
  if (node.inputs.size() == 2) return 6;
  if (op.keep_num_dims) return 5;
  if (computes(node, DType::int8, DType::int8, DType::int8)) return 4;
  if (computes(node, DType::int8, DType::int4, DType::int8)) return 10;
  if (is_hybrid(node)) return op.asymmetric_quantize_inputs ? 9 : 3;
  return op.weights_format == WeightsFormat::shuffled4x16int8 ? 2 : 1;
}

int64_t macs(const NodeView& node) {
  return checked_product({output_elements(node), node.input(1).shape[1]});
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
      .set_asymmetric_inputs = set_asymmetric_inputs<FullyConnected>,
      .prepare_int16 =
          [](Op& op) { static_cast<FullyConnected&>(op).quantized_bias_type = DType::int64; },
      .needed = needed};
  return def;
}

}  // namespace litesmith
