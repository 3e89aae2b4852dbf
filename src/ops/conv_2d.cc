#include "ops/conv_2d.h"

#include "base/checked.h"
#include "base/error.h"
#include "ir/graph.h"
#include "ops/geometry.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  const auto& op = node.as<Conv2D>();
  const Value& input = node.input(0);
  const Value& filter = node.input(1);
  if (input.shape.size() != 4 || filter.shape.size() != 4) {
    throw Error(ErrorCode::data, "CONV_2D needs input and filter of rank 4, not " +
                                     to_string(input.shape) + " and " + to_string(filter.shape));
  }
  require_positive("CONV_2D", {op.stride_h, op.stride_w, op.dilation_h, op.dilation_w});
  const int32_t out_channels = filter.shape[0];
  const int32_t filter_channels = filter.shape[3];
  require_positive("CONV_2D", {filter.shape[1], filter.shape[2], filter_channels, out_channels});
  if (input.shape[3] >= 0) {
    const bool divides = input.shape[3] > 0 && input.shape[3] % filter_channels == 0;
    if (!divides || out_channels % (input.shape[3] / filter_channels) != 0) {
      throw Error(ErrorCode::data, "CONV_2D: a filter " + to_string(filter.shape) +
                                       " does not fit an input " + to_string(input.shape));
    }
  }
  const Value* bias = node.optional_input(2);
  if (bias != nullptr && bias->shape != Shape{out_channels}) {
    throw Error(ErrorCode::data, "CONV_2D: a bias " + to_string(bias->shape) +
                                     " does not fit a filter " + to_string(filter.shape));
  }
  return {{input.dtype,
           {input.shape[0],
            window_output(input.shape[1], filter.shape[1], op.stride_h, op.dilation_h, op.padding),
            window_output(input.shape[2], filter.shape[2], op.stride_w, op.dilation_w, op.padding),
            out_channels}}};
}

int version(const NodeView& node) {
  const Value& input = node.input(0);
  const Value& filter = node.input(1);
  if (input.dtype == DType::int16) return filter.dtype == DType::int16 ? 4 : 8;
  if (input.shape[3] != filter.shape[3]) return 6;
  if (has_dtype(node, 0, DType::int8)) return filter.dtype == DType::int4 ? 7 : 3;
  if (is_hybrid(node)) return filter.quantization.per_channel() ? 5 : 2;
  return 1;
}

Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const auto& op = node.as<Conv2D>();
  if (input != 0) return Region::all(node.input(input).shape);
  const Shape& filter = node.input(1).shape;
  return needed_by_windows(node, outputs, {filter[1], op.stride_h, op.dilation_h, op.padding},
                           {filter[2], op.stride_w, op.dilation_w, op.padding},
                           IndexSet::all(node.input(0).shape[3]));
}

int64_t macs(const NodeView& node) {
  const Shape& filter = node.input(1).shape;
  return checked_product({element_count(with_dynamic_as(node.outputs.at(0)->shape, 1)), filter[1],
                          filter[2], filter[3]});
}

}  // namespace

const OpDef& Conv2D::definition() {
  static const OpDef def = {
      .code = 3,
      .name = "CONV_2D",
      .options_tag = 1,
      .make = make_op<Conv2D>,
      .infer = infer,
      .version = version,
      .runtime_versions = {"1.5.0", "1.14.0", "1.14.0", "2.3.0", "2.4.0", "2.9.0", "2.11.0",
                           "2.15.0"},
      .quant = {.int8 = true,
                .int16 = true,
                .weights = {{1, 0}},
                .bias = 2,
                .version_int16 = 3,
                .hybrid = {{1, 0}}},
      .macs = macs,
      .activation = [](Op& op) { return &static_cast<Conv2D&>(op).activation; },
      .prepare_int16 = [](Op& op) { static_cast<Conv2D&>(op).quantized_bias_type = DType::int64; },
      .needed = needed,
  };
  return def;
}

}  // namespace litesmith
