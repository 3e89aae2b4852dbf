#include "ops/depthwise_conv_2d.h"

#include "base/checked.h"
#include "ir/graph.h"
#include "ops/geometry.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 3);
  const auto& op = node.as<DepthwiseConv2D>();
  const Value& input = node.input(0);
  const Value& filter = node.input(1);
  auto refuse_filter = [&] {
    refuse(node, "a filter " + to_string(filter.shape) + " does not fit an input " +
                     to_string(input.shape));
  };
  if (input.shape.size() != 4 || filter.shape.size() != 4 || filter.shape[0] != 1 ||
      !is_static(filter.shape)) {
    refuse_filter();
  }
  const int32_t channels = filter.shape[3];
  // Old files leave depth_multiplier out: the shapes tell it.
  const int32_t channels_in = input.shape[3];
  if (channels < 1 || channels_in == 0 || (channels_in > 0 && channels % channels_in != 0)) {
    refuse_filter();
  }
  const Value* bias = node.optional_input(2);
  if (bias != nullptr && bias->shape != Shape{channels}) {
    refuse(node, "a bias " + to_string(bias->shape) + " does not fit a filter " +
                     to_string(filter.shape));
  }
  const Window2D window = {filter.shape[1], filter.shape[2], op.stride_h,
                           op.stride_w,     op.dilation_h,   op.dilation_w};
  return {{input.dtype, window_output_shape(node, input.shape, window, op.padding, channels)}};
}

int version(const NodeView& node) {
  const auto& op = node.as<DepthwiseConv2D>();
  if (computes(node, DType::int16, DType::int16, DType::int16)) return 5;
  if (is_hybrid(node)) return has_scale_per_slice(node.input(1), 3) ? 6 : 4;
  if (computes(node, DType::int8, DType::int8, DType::int8)) return 3;
  if (computes(node, DType::int8, DType::int4, DType::int8)) return 7;
  return op.dilation_w != 1 || op.dilation_h != 1 ? 2 : 1;
}

int64_t macs(const NodeView& node) {
  const Shape& filter = node.input(1).shape;
  return checked_product({output_elements(node), filter[1], filter[2]});
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
      .needed = needed};
  return def;
}

}  // namespace litesmith
