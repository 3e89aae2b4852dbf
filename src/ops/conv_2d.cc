#include "ops/conv_2d.h"

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
  const auto& op = node.as<Conv2D>();
  const Value& input = node.input(0);
  const Value& filter = node.input(1);
  auto refuse_filter = [&] {
    refuse(node, "a filter " + to_string(filter.shape) + " does not fit an input " +
                     to_string(input.shape));
  };
  if (input.shape.size() != 4 || filter.shape.size() != 4 || !is_static(filter.shape)) {
    refuse_filter();
  }
  const int32_t out_channels = filter.shape[0];
  const int32_t filter_channels = filter.shape[3];
  if (out_channels < 1 || filter_channels < 1) refuse_filter();
  if (input.shape[3] >= 0) {
    const bool divides = input.shape[3] > 0 && input.shape[3] % filter_channels == 0;
    if (!divides || out_channels % (input.shape[3] / filter_channels) != 0) refuse_filter();
  }
  const Value* bias = node.optional_input(2);
  if (bias != nullptr && element_count(bias->shape) != out_channels) {
    refuse(node, "a bias " + to_string(bias->shape) + " does not fit a filter " +
                     to_string(filter.shape));
  }
  const Window2D window = {filter.shape[1], filter.shape[2], op.stride_h,
                           op.stride_w,     op.dilation_h,   op.dilation_w};
  return {{input.dtype, window_output_shape(node, input.shape, window, op.padding, out_channels)}};
}

int version(const NodeView& node) {
  const Value& filter = node.input(1);
  if (computes(node, DType::int16, DType::int8, DType::int16)) return 8;
  if (stored_shape(node.input(0))[3] != filter.shape[3]) return 6;
  if (computes(node, DType::int16, DType::int16, DType::int16)) return 4;
  if (computes(node, DType::int8, DType::int8, DType::int8)) return 3;
  if (computes(node, DType::int8, DType::int4, DType::int8)) return 7;
  if (is_hybrid(node)) return has_scale_per_slice(filter, 0) ? 5 : 2;
  return 1;
}

int64_t macs(const NodeView& node) {
  const Shape& filter = node.input(1).shape;
  return checked_product({output_elements(node), filter[1], filter[2], filter[3]});
}

Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const auto& op = node.as<Conv2D>();
  if (input != 0) return Region::all(node.input(input).shape);
  const Shape& filter = node.input(1).shape;
  return needed_by_windows(node, outputs, {filter[1], op.stride_h, op.dilation_h, op.padding},
                           {filter[2], op.stride_w, op.dilation_w, op.padding},
                           IndexSet::all(node.input(0).shape[3]));
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
      .needed = needed};
  return def;
}

}  // namespace litesmith
