#include "runtime/xnnpack_takes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ops/activation_layers.h"
#include "ops/batch_matmul.h"
#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/pool_2d.h"
#include "ops/quantize.h"
#include "ops/reduce.h"
#include "ops/resize.h"
#include "ops/softmax.h"
#include "ops/transpose_conv.h"
#include "ops/unary.h"

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

bool is_float(const Value& value) { return value.dtype == DType::float32; }

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

// int4 with one scale or one an output, in whole bytes.
bool is_int4_filter(const Value& value) {
  const Quantization& quantization = value.quantization;
  return value.is_constant() && value.dtype == DType::int4 && value.shape.back() % 2 == 0 &&
         quantization.present() && (!quantization.per_channel() || quantization.dimension == 0);
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
bool types_agree(const Value& input, const Value& filter, const Value& output, bool takes_hybrid) {
  if (output.dtype != input.dtype) return false;
  return input.dtype == filter.dtype ||
         (takes_hybrid && input.dtype == DType::float32 && filter.dtype == DType::int8);
}

bool types_agree(const NodeView& node, bool takes_hybrid) {
  return types_agree(node.input(0), node.input(1), *node.outputs.at(0), takes_hybrid);
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

// int4 weights in blocks of a multiple of 32, whose scales XNNPACK can work with.
bool is_block_filter(const Value& value) {
  if (!value.block_scales || value.dtype != DType::int4 || value.block_scales->size % 32 != 0) {
    return false;
  }
  const std::vector<float> scales = block_scales(value);
  return std::all_of(scales.begin(), scales.end(),
                     [](float scale) { return std::isnormal(scale) && scale > 0; });
}

bool takes_fully_connected(const NodeView& node) {
  const auto& op = node.as<FullyConnected>();
  const Value& filter = node.input(1);
  const Value* bias = node.optional_input(2);
  if (filter.sparse_block != 0) return false;
  if (filter.block_scales) {
    const bool is_real = is_float(node.input(0)) && is_float(*node.outputs.at(0)) &&
                         (bias == nullptr || is_float(*bias));
    return is_real && is_block_filter(filter) && (bias == nullptr || is_bias(*bias)) &&
           is_clamp(op.activation) && op.weights_format == WeightsFormat::standard;
  }
  const bool is_signed = filter.dtype == DType::int8 || filter.dtype == DType::int4;
  const bool is_integer = is_signed && node.input(0).dtype == DType::int8;
  if (is_integer && !filter.quantization.zero_point.empty() &&
      filter.quantization.zero_point[0] != 0) {
    return false;
  }
  const bool takes_filter = filter.dtype == DType::int4
                                ? is_int4_filter(filter) &&
                                      node.outputs.at(0)->dtype == node.input(0).dtype &&
                                      (is_integer || is_float(node.input(0)))
                                : is_filter(filter, 0) && types_agree(node, true);
  return is_activation(node.input(0)) && takes_filter && (bias == nullptr || is_bias(*bias)) &&
         is_activation(*node.outputs.at(0)) && is_clamp(op.activation) &&
         op.weights_format == WeightsFormat::standard;
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

// The rank of XNNPACK's tensors.
bool fits_rank(const Value& value) { return value.shape.size() <= 6; }

// A float, or an 8-bit tensor whose scale XNNPACK can work with.
bool is_operand(const Value& value) {
  if (!is_activation(value) || !fits_rank(value)) return false;
  return is_float(value) ||
         (std::isnormal(value.quantization.scale[0]) && value.quantization.scale[0] > 0);
}

float scale_of(const Value& value) { return value.quantization.scale[0]; }

template <class T>
bool takes_sum(const NodeView& node) {
  const Value& a = node.input(0);
  const Value& b = node.input(1);
  const Value& out = *node.outputs.at(0);
  if (!is_operand(a) || !is_operand(b) || !is_operand(out) || a.dtype != b.dtype ||
      a.dtype != out.dtype || !is_clamp(node.as<T>().activation)) {
    return false;
  }
  auto near = [&](const Value& value) {
    const float ratio = scale_of(value) / scale_of(out);
    return ratio >= 1.0f / 1024.0f && ratio < 256.0f;
  };
  return is_float(a) || (near(a) && near(b));
}

bool takes_product(const NodeView& node) {
  const Value& a = node.input(0);
  const Value& b = node.input(1);
  const Value& out = *node.outputs.at(0);
  if (!is_operand(a) || !is_operand(b) || !is_operand(out) || a.dtype != b.dtype ||
      a.dtype != out.dtype || !is_clamp(node.as<Mul>().activation)) {
    return false;
  }
  if (is_float(a)) return true;
  const float ratio = scale_of(a) * scale_of(b) / scale_of(out);
  return ratio >= 1.0f / 65536.0f && ratio < 256.0f;
}

// Ops that the delegate takes in float only.
bool takes_float(const NodeView& node) {
  auto fits = [](const Value* value) { return is_float(*value) && fits_rank(*value); };
  return std::all_of(node.inputs.begin(), node.inputs.end(), fits) && is_float(*node.outputs.at(0));
}

bool takes_quotient(const NodeView& node) {
  return takes_float(node) && is_clamp(node.as<Div>().activation);
}

bool takes_prelu(const NodeView& node) { return takes_float(node) && node.input(1).is_constant(); }

bool takes_softmax(const NodeView& node) {
  return takes_float(node) && node.as<Softmax>().beta == 1.0f;
}

// LOGISTIC and TANH: 8-bit too.
bool takes_sigmoid(const NodeView& node) {
  return is_operand(node.input(0)) && is_operand(*node.outputs.at(0)) &&
         node.input(0).dtype == node.outputs[0]->dtype;
}

bool takes_elu(const NodeView& node) {
  return node.input(0).dtype != DType::uint8 && takes_sigmoid(node);
}

bool takes_leaky_relu(const NodeView& node) {
  const float alpha = node.as<LeakyRelu>().alpha;
  if (!std::isnormal(alpha) || !takes_sigmoid(node)) return false;
  if (is_float(node.input(0))) return true;
  const float positive = scale_of(node.input(0)) / scale_of(*node.outputs.at(0));
  const float negative = positive * alpha;
  return positive >= 1.0f / 256.0f && positive <= 128.0f && negative >= -127.99609375f &&
         negative <= 128.0f && std::fabs(negative) >= 1.0f / 256.0f;
}

bool takes_reduction(const NodeView& node) {
  const Value& input = node.input(0);
  const Value& axes = node.input(1);
  return is_operand(input) && is_operand(*node.outputs.at(0)) && axes.is_constant() &&
         axes.dtype == DType::int32 && element_count(axes.shape) > 0 && !input.shape.empty();
}

bool takes_batch_matmul(const NodeView& node) {
  const Value& left = node.input(0);
  const Value& right = node.input(1);
  if (!is_operand(left) || !is_operand(*node.outputs.at(0)) || !fits_rank(right)) return false;
  const Quantization& quantization = right.quantization;
  const int32_t columns_at =
      static_cast<int32_t>(right.shape.size()) - (node.as<BatchMatMul>().adj_y ? 2 : 1);
  if (right.dtype == DType::float32) return is_float(left);
  if (right.dtype != DType::int8 || !quantization.present() ||
      (quantization.per_channel() && quantization.dimension != columns_at)) {
    return false;
  }
  if (is_float(left)) return is_float(*node.outputs[0]);
  const bool symmetric = quantization.zero_point.empty() || quantization.zero_point[0] == 0;
  return left.dtype == DType::int8 && node.outputs[0]->dtype == DType::int8 && symmetric;
}

bool takes_transpose_conv(const NodeView& node) {
  const auto& op = node.as<TransposeConv>();
  const Shape& filter = node.input(1).shape;
  const Shape& output = node.outputs.at(0)->shape;
  const Value* bias = node.optional_input(3);
  const Value& input = node.input(2);
  if (!node.input(0).is_constant() || !is_filter(node.input(1), 0) || !is_activation(input) ||
      !is_activation(*node.outputs[0]) || (bias != nullptr && !is_bias(*bias)) ||
      !is_clamp(op.activation) || !types_agree(input, node.input(1), *node.outputs[0], true)) {
    return false;
  }
  if (op.padding == Padding::same) return filter[1] >= op.stride_h && filter[2] >= op.stride_w;
  return filter[1] <= output[1] && filter[2] <= output[2];
}

bool takes_quantize(const NodeView& node) {
  const Value& input = node.input(0);
  const Value& output = *node.outputs.at(0);
  if (!is_operand(input) || !is_operand(output) || is_float(output)) return false;
  if (is_float(input)) return true;
  const float ratio = scale_of(input) / scale_of(output);
  return input.dtype == output.dtype && ratio >= 1.0f / 256.0f && ratio <= 128.0f;
}

bool takes_dequantize(const NodeView& node) {
  return is_operand(node.input(0)) && is_8_bit(node.input(0)) && is_float(*node.outputs.at(0));
}

using Predicate = bool (*)(const NodeView&);

}  // namespace

bool xnnpack_takes(const NodeView& node) {
  static const auto table = std::to_array<std::pair<const OpDef*, Predicate>>({
      {&Conv2D::definition(), takes_conv_2d},
      {&DepthwiseConv2D::definition(), takes_depthwise_conv_2d},
      {&FullyConnected::definition(), takes_fully_connected},
      {&TransposeConv::definition(), takes_transpose_conv},
      {&BatchMatMul::definition(), takes_batch_matmul},
      {&AveragePool2D::definition(), takes_average_pool_2d},
      {&MaxPool2D::definition(), takes_pool<MaxPool2D>},
      {&ResizeBilinear::definition(), takes_resize_bilinear},
      {&Add::definition(), takes_sum<Add>},
      {&Sub::definition(), takes_sum<Sub>},
      {&Mul::definition(), takes_product},
      {&Div::definition(), takes_quotient},
      {&Maximum::definition(), takes_float},
      {&Minimum::definition(), takes_float},
      {&SquaredDifference::definition(), takes_float},
      {&Prelu::definition(), takes_prelu},
      {&Relu::definition(), takes_float},
      {&Relu6::definition(), takes_float},
      {&ReluN1To1::definition(), takes_float},
      {&LeakyRelu::definition(), takes_leaky_relu},
      {&Logistic::definition(), takes_sigmoid},
      {&Tanh::definition(), takes_sigmoid},
      {&Elu::definition(), takes_elu},
      {&Gelu::definition(), takes_float},
      {&Exp::definition(), takes_float},
      {&Log::definition(), takes_float},
      {&Sqrt::definition(), takes_float},
      {&Rsqrt::definition(), takes_float},
      {&HardSwish::definition(), takes_float},
      {&Abs::definition(), takes_float},
      {&Neg::definition(), takes_float},
      {&Square::definition(), takes_float},
      {&Softmax::definition(), takes_softmax},
      {&Mean::definition(), takes_reduction},
      {&Sum::definition(), takes_reduction},
      {&ReduceMax::definition(), takes_reduction},
      {&ReduceMin::definition(), takes_reduction},
      {&Quantize::definition(), takes_quantize},
      {&Dequantize::definition(), takes_dequantize},
  });
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const auto& row) { return row.first == &node.op.def(); });
  return found != table.end() && found->second(node);
}

}  // namespace litesmith
