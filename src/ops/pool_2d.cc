#include "ops/pool_2d.h"

#include "ir/graph.h"
#include "ops/geometry.h"
#include "ops/inference.h"
#include "ops/needed.h"
#include "ops/versions.h"

namespace litesmith {
namespace {

template <class T>
std::vector<InferredOutput> infer(const NodeView& node) {
  require_operands(node, 1, 1);
  const auto& op = node.as<T>();
  const Value& input = node.input(0);
  if (input.shape.size() != 4) {
    refuse(node, "the input is [n, h, w, c], not " + to_string(input.shape));
  }
  const Window2D window = {op.filter_height, op.filter_width, op.stride_h, op.stride_w};
  return {
      {input.dtype, window_output_shape(node, input.shape, window, op.padding, input.shape[3])}};
}

template <class T>
Region needed(const NodeView& node, size_t, std::span<const Region> outputs) {
  const auto& op = node.as<T>();
  return needed_by_windows(node, outputs, {op.filter_height, op.stride_h, 1, op.padding},
                           {op.filter_width, op.stride_w, 1, op.padding}, outputs[0].dims[3]);
}

template <class T>
OpDef make_def(int32_t code, std::string_view name) {
  return {
      .code = code,
      .name = name,
      .options_tag = 5,
      .make = make_op<T>,
      .infer = infer<T>,
      .version = version_8_2_16_3,
      .runtime_versions = {"1.5.0", "1.14.0", "2.3.0"},
      .quant = {.int8 = true, .int16 = true, .same_scale = true, .version_int16 = 2},
      .activation = [](Op& op) { return &static_cast<T&>(op).activation; },
      .needed = needed<T>,
  };
}

}  // namespace

const OpDef& AveragePool2D::definition() {
  static const OpDef def = make_def<AveragePool2D>(1, "AVERAGE_POOL_2D");
  return def;
}

const OpDef& MaxPool2D::definition() {
  static const OpDef def = make_def<MaxPool2D>(17, "MAX_POOL_2D");
  return def;
}

}  // namespace litesmith
