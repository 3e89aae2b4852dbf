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

void require_bias(const NodeView& node, size_t operand, int32_t channels) {
  const Value* bias = node.optional_input(operand);
  if (bias == nullptr || element_count(with_dynamic_as(bias->shape, 1)) == channels) return;
  refuse(node, "a bias " + to_string(bias->shape) + " does not fit a filter " +
                   to_string(node.input(1).shape));
}

// What sliding a filter [d, h, w, ...] over `input` makes, with `channels`.
Shape slid(const NodeView& node, const Window3D& op, const Shape& input, const Shape& filter,
           int32_t channels) {
  require_window(node, {filter[0], filter[1], filter[2], op.stride_d, op.stride_h, op.stride_w,
                        op.dilation_d, op.dilation_h, op.dilation_w});
  return with_context(node.op.def().name, [&]() -> Shape {
    auto along = [&](size_t axis, int32_t stride, int32_t dilation) {
      return window_output(input[axis], filter[axis - 1], stride, dilation, op.padding);
    };
    return {input[0], along(1, op.stride_d, op.dilation_d), along(2, op.stride_h, op.dilation_h),
            along(3, op.stride_w, op.dilation_w), channels};
  });
}

std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 2, 3);
  const Value& input = node.input(0);
  const Shape& filter = node.input(1).shape;
  if (input.shape.size() != 5 || filter.size() != 5 || !is_static(filter) ||
      element_count(filter) == 0 || (input.shape[4] >= 0 && input.shape[4] != filter[3])) {
    refuse(node,
           "a filter " + to_string(filter) + " does not fit an input " + to_string(input.shape));
  }
  require_bias(node, 2, filter[4]);
  return {{input.dtype, slid(node, node.as<Conv3D>(), input.shape, filter, filter[4])}};
}

// The convolution whose transpose this is makes the input's shape of the output's.
std::vector<InferredOutput> infer_transpose(const NodeView& node) {
  require_operands(node, 3, 4);
  const Shape& filter = node.input(1).shape;
  const Value& input = node.input(2);
  if (input.shape.size() != 5 || filter.size() != 5 || !is_static(filter) ||
      element_count(filter) == 0 || (input.shape[4] >= 0 && input.shape[4] != filter[4])) {
    refuse(node,
           "a filter " + to_string(filter) + " does not fit an input " + to_string(input.shape));
  }
  require_bias(node, 3, filter[3]);
  if (node.input(0).dtype != DType::int32) refuse(node, "the output's shape is not int32");
  const auto target = known_integers(node, 0);
  if (!target) {
    return {{input.dtype, {input.shape[0], kDynamic, kDynamic, kDynamic, filter[3]}}};
  }
  Shape output;
  for (const int64_t size : *target) output.push_back(to_dimension(node, size));
  if (output.size() != 5 || output[4] != filter[3] || !merged({output[0]}, {input.shape[0]}) ||
      !merged(slid(node, node.as<Conv3DTranspose>(), output, filter, filter[4]), input.shape)) {
    refuse(node, "an input " + to_string(input.shape) + " and a filter " + to_string(filter) +
                     " do not make an output " + to_string(output));
  }
  return {{input.dtype, output}};
}

int64_t macs(const NodeView& node) {
  const Shape& filter = node.input(1).shape;
  return checked_product({output_elements(node), filter[0], filter[1], filter[2], filter[3]});
}

int64_t macs_transpose(const NodeView& node) {
  const Shape& filter = node.input(1).shape;
  return checked_product({element_count(with_dynamic_as(node.input(2).shape, 1)), filter[0],
                          filter[1], filter[2], filter[3]});
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

// LiteRT and TensorFlow's converter know both in float only.
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

const OpDef& Conv3DTranspose::definition() {
  static const OpDef def = {
      .code = 141,
      .name = "CONV_3D_TRANSPOSE",
      .options_tag = 106,
      .make = make_op<Conv3DTranspose>,
      .infer = infer_transpose,
      .version = version_1,
      .runtime_versions = {"2.6.0"},
      .macs = macs_transpose,
      .activation = [](Op& op) { return &static_cast<Conv3DTranspose&>(op).activation; }};
  return def;
}

}  // namespace litesmith
