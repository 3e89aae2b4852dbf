#include "runtime/xnnpack_takes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/pool_2d.h"
#include "ops/resize.h"

namespace litesmith {
namespace {

bool is_8_bit(const Value& value) {
  return value.dtype == DType::int8 || value.dtype == DType::uint8;
}

// An activation: float, or 8 bits with one scale.
bool is_activation(const Value& value) {
  if (value.dtype == DType::float32) return true;
  return is_8_bit(value) && value.quantization.scale.size() == 1 &&
         value.quantization.dimension == 0;
}

// A constant filter: float, int8 with one scale or one a channel, uint8 with one.
bool is_filter(const Value& value, int32_t channel_dimension) {
  if (!value.is_constant()) return false;
  const Quantization& quantization = value.quantization;
  switch (value.dtype) {
    case DType::float32:
      return true;
    case DType::int8:
      return quantization.present() &&
             (!quantization.per_channel() || quantization.dimension == channel_dimension);
    case DType::uint8:
      return quantization.scale.size() == 1 && quantization.dimension == 0;
    default:
      return false;
  }
}

bool is_bias(const Value& value) {
  if (!value.is_constant()) return false;
  if (value.dtype == DType::float32) return true;
  return value.dtype == DType::int32 && value.quantization.present() &&
         value.quantization.dimension == 0;
}

bool is_clamp(Activation activation) {
  return activation != Activation::tanh && activation != Activation::sign_bit;
}

// One type throughout, or float activations with int8 weights, which XNNPACK quantizes as they
// come ("qd8").
bool types_agree(const NodeView& node, bool takes_hybrid) {
  const DType input = node.input(0).dtype;
  const DType filter = node.input(1).dtype;
  if (node.outputs.at(0)->dtype != input) return false;
  return input == filter || (takes_hybrid && input == DType::float32 && filter == DType::int8);
}

bool takes_conv_2d(const NodeView& node) {
  const Value* bias = node.optional_input(2);
  return is_activation(node.input(0)) && is_filter(node.input(1), 0) && bias != nullptr &&
         is_bias(*bias) && is_activation(*node.outputs.at(0)) && types_agree(node, true) &&
         is_clamp(node.as<Conv2D>().activation);
}

bool takes_depthwise_conv_2d(const NodeView& node) {
  const auto& op = node.as<DepthwiseConv2D>();
  const Value* bias = node.optional_input(2);
  return is_activation(node.input(0)) && is_filter(node.input(1), 3) && bias != nullptr &&
         is_bias(*bias) && is_activation(*node.outputs.at(0)) && types_agree(node, false) &&
         is_clamp(op.activation) && op.depth_multiplier > 0 &&
         node.input(1).shape.at(3) % op.depth_multiplier == 0;
}

bool takes_fully_connected(const NodeView& node) {
  const auto& op = node.as<FullyConnected>();
  const Value& filter = node.input(1);
  const Value* bias = node.optional_input(2);
  if (filter.dtype == DType::int8 && node.input(0).dtype == DType::int8 &&
      !filter.quantization.zero_point.empty() && filter.quantization.zero_point[0] != 0) {
    return false;
  }
  return is_activation(node.input(0)) && is_filter(filter, 0) &&
         (bias == nullptr || is_bias(*bias)) && is_activation(*node.outputs.at(0)) &&
         types_agree(node, true) && is_clamp(op.activation) && op.weights_format == 0;
}

template <class T>
bool takes_pool(const NodeView& node) {
  const T& op = node.as<T>();
  const bool strides_fit = op.stride_w <= op.filter_width && op.stride_h <= op.filter_height &&
                           op.stride_w > 0 && op.stride_h > 0;
  return strides_fit && is_clamp(op.activation) && is_activation(node.input(0)) &&
         is_activation(*node.outputs.at(0));
}

bool takes_average_pool_2d(const NodeView& node) {
  return node.input(0).dtype == DType::float32 && takes_pool<AveragePool2D>(node);
}

// The delegate asks nothing of the flags, the subgraph asks that the scales agree.
bool takes_resize_bilinear(const NodeView& node) {
  const Value& input = node.input(0);
  const Value& output = *node.outputs.at(0);
  return is_activation(input) && is_activation(output) && input.dtype == output.dtype &&
         input.quantization == output.quantization;
}

using Predicate = bool (*)(const NodeView&);

}  // namespace

bool xnnpack_takes(const NodeView& node) {
  static const auto table = std::to_array<std::pair<const OpDef*, Predicate>>({
      {&Conv2D::definition(), takes_conv_2d},
      {&DepthwiseConv2D::definition(), takes_depthwise_conv_2d},
      {&FullyConnected::definition(), takes_fully_connected},
      {&AveragePool2D::definition(), takes_average_pool_2d},
      {&MaxPool2D::definition(), takes_pool<MaxPool2D>},
      {&ResizeBilinear::definition(), takes_resize_bilinear},
  });
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const auto& row) { return row.first == &node.op.def(); });
  return found != table.end() && found->second(node);
}

}  // namespace litesmith
