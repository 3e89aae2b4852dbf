#include "ops/depthwise_conv_2d.h"

#include "base/checked.h"
#include "base/error.h"
#include "ir/graph.h"
#include "ops/geometry.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  const auto& op = node.as<DepthwiseConv2D>();
  const Value& input = node.input(0);
  const Value& filter = node.input(1);
  if (input.shape.size() != 4 || filter.shape.size() != 4 || filter.shape[0] != 1) {
    throw Error(ErrorCode::data,
                "DEPTHWISE_CONV_2D needs an input of rank 4 and a filter [1, h, w, c], not " +
                    to_string(input.shape) + " and " + to_string(filter.shape));
  }
  require_positive("DEPTHWISE_CONV_2D", {op.stride_h, op.stride_w, op.dilation_h, op.dilation_w,
                                         filter.shape[1], filter.shape[2], filter.shape[3]});
  const int32_t channels = filter.shape[3];
  // Old files leave depth_multiplier out: the shapes tell it.
  if (input.shape[3] >= 0 && (input.shape[3] == 0 || channels % input.shape[3] != 0)) {
    throw Error(ErrorCode::data, "DEPTHWISE_CONV_2D: a filter " + to_string(filter.shape) +
                                     " does not fit an input " + to_string(input.shape));
  }
  const Value* bias = node.optional_input(2);
  if (bias != nullptr && bias->shape != Shape{channels}) {
    throw Error(ErrorCode::data, "DEPTHWISE_CONV_2D: a bias " + to_string(bias->shape) +
                                     " does not fit a filter " + to_string(filter.shape));
  }
  return {{input.dtype,
           {input.shape[0],
            window_output(input.shape[1], filter.shape[1], op.stride_h, op.dilation_h, op.padding),
            window_output(input.shape[2], filter.shape[2], op.stride_w, op.dilation_w, op.padding),
            channels}}};
}

int version(const NodeView& node) {
  const auto& op = node.as<DepthwiseConv2D>();
  const Value& filter = node.input(1);
  if (has_dtype(node, 0, DType::int16)) return filter.dtype == DType::int16 ? 5 : 3;
  if (is_hybrid(node)) return filter.quantization.per_channel() ? 6 : 4;
  if (has_dtype(node, 0, DType::int8)) return filter.dtype == DType::int4 ? 7 : 3;
  return op.dilation_w != 1 || op.dilation_h != 1 ? 2 : 1;
}

Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const auto& op = node.as<DepthwiseConv2D>();
  if (input != 0) return Region::all(node.input(input).shape);
  const Shape& filter = node.input(1).shape;
  // Channel c of the input makes the `multiplier` channels of the output from c * multiplier on.
  const int32_t channels = node.input(0).shape[3];
  const IndexSet& wanted = outputs[0].dims[3];
  IndexSet needed_channels = IndexSet::all(channels);
  if (channels > 0 && !wanted.is_all()) {
    const int32_t multiplier = filter[3] / channels;
    needed_channels = IndexSet::none(channels);
    for (int32_t c = 0; c < filter[3]; ++c) {
      if (wanted.contains(c)) needed_channels.add(c / multiplier);
    }
  }
  return needed_by_windows(node, outputs, {filter[1], op.stride_h, op.dilation_h, op.padding},
                           {filter[2], op.stride_w, op.dilation_w, op.padding},
                           std::move(needed_channels));
}

int64_t macs(const NodeView& node) {
  const Shape& filter = node.input(1).shape;
  return checked_product(
      {element_count(with_dynamic_as(node.outputs.at(0)->shape, 1)), filter[1], filter[2]});
}

}  // namespace

const OpDef& DepthwiseConv2D::definition() {
  static const OpDef def = {
      .code = 4,
      .name = "DEPTHWISE_CONV_2D",
      .options_tag = 2,
      .make = make_op<DepthwiseConv2D>,
      .infer = infer,
      .version = version,
      .runtime_versions = {"1.5.0", "1.12.0", "1.14.0", "2.2.0", "2.3.0", "2.3.0", "2.11.0"},
      .quant = {.int8 = true,
                .int16 = true,
                .weights = {{1, 3}},
                .bias = 2,
                .version_int16 = 3,
                .hybrid = {{1, 3}}},
      .macs = macs,
      .activation = [](Op& op) { return &static_cast<DepthwiseConv2D&>(op).activation; },
      .needed = needed,
  };
  return def;
}

}  // namespace litesmith
