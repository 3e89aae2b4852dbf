#include "ops/conv_3d.h"

#include "base/checked.h"
#include "base/error.h"
#include "ir/graph.h"
#include "ops/geometry.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 3);
  const auto& op = node.as<Conv3D>();
  const Value& input = node.input(0);
  const Shape& filter = node.input(1).shape;
  if (input.shape.size() != 5 || filter.size() != 5 || !is_static(filter) ||
      element_count(filter) == 0 || (input.shape[4] >= 0 && input.shape[4] != filter[3])) {
    refuse(node,
           "a filter " + to_string(filter) + " does not fit an input " + to_string(input.shape));
  }
  if (const Value* bias = node.optional_input(2);
      bias != nullptr && element_count(with_dynamic_as(bias->shape, 1)) != filter[4]) {
    refuse(node,
           "a bias " + to_string(bias->shape) + " does not fit a filter " + to_string(filter));
  }
  require_window(node, {filter[0], filter[1], filter[2], op.stride_d, op.stride_h, op.stride_w,
                        op.dilation_d, op.dilation_h, op.dilation_w});
  return with_context(node.op.def().name, [&]() -> std::vector<InferredOutput> {
    auto slid = [&](size_t axis, int32_t taps, int32_t stride, int32_t dilation) {
      return window_output(input.shape[axis], taps, stride, dilation, op.padding);
    };
    return {{input.dtype,
             {input.shape[0], slid(1, filter[0], op.stride_d, op.dilation_d),
              slid(2, filter[1], op.stride_h, op.dilation_h),
              slid(3, filter[2], op.stride_w, op.dilation_w), filter[4]}}};
  });
}

int64_t macs(const NodeView& node) {
  const Shape& filter = node.input(1).shape;
  return checked_product({output_elements(node), filter[0], filter[1], filter[2], filter[3]});
}

Region needed(const NodeView& node, size_t input, std::span<const Region> outputs) {
  const auto& op = node.as<Conv3D>();
  const Shape& shape = node.input(0).shape;
  if (input != 0) return Region::all(node.input(input).shape);
  const Shape& filter = node.input(1).shape;
  auto along = [&](size_t axis, int32_t stride, int32_t dilation) {
    return needed_by_window(outputs[0].dims[axis], shape[axis],
                            {filter[axis - 1], stride, dilation, op.padding});
  };
  Region region;
  region.nothing = outputs[0].nothing;
  region.dims = {outputs[0].dims[0], along(1, op.stride_d, op.dilation_d),
                 along(2, op.stride_h, op.dilation_h), along(3, op.stride_w, op.dilation_w),
                 IndexSet::all(shape[4])};
  return region;
}

}  // namespace

// LiteRT and TensorFlow's converter know it in float only.
const OpDef& Conv3D::definition() {
  static const OpDef def = {
      .code = 132,
      .name = "CONV_3D",
      .options_tag = 106,
      .make = make_op<Conv3D>,
      .infer = infer,
      .version = version_1,
      .runtime_versions = {"2.5.0"},
      .macs = macs,
      .activation = [](Op& op) { return &static_cast<Conv3D&>(op).activation; },
      .needed = needed};
  return def;
}

}  // namespace litesmith
