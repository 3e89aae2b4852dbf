// The list of the ops that run, and how.
#include "runtime/binding.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "ops/activation_layers.h"
#include "ops/arrange.h"
#include "ops/atan2.h"
#include "ops/batch_matmul.h"
#include "ops/binary.h"
#include "ops/comparison.h"
#include "ops/conv_2d.h"
#include "ops/conv_3d.h"
#include "ops/cumsum.h"
#include "ops/densify.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/detection_postprocess.h"
#include "ops/fill.h"
#include "ops/floor_mod.h"
#include "ops/fully_connected.h"
#include "ops/index.h"
#include "ops/l2_normalization.h"
#include "ops/logical.h"
#include "ops/lstm.h"
#include "ops/pad.h"
#include "ops/pool_2d.h"
#include "ops/pow.h"
#include "ops/quantize.h"
#include "ops/reduce.h"
#include "ops/reshape.h"
#include "ops/resize.h"
#include "ops/segment_sum.h"
#include "ops/select.h"
#include "ops/shape_and_cast.h"
#include "ops/signal.h"
#include "ops/slice.h"
#include "ops/softmax.h"
#include "ops/space_depth.h"
#include "ops/svdf.h"
#include "ops/transpose_conv.h"
#include "ops/unary.h"
#include "ops/unidirectional_sequence_lstm.h"
#include "ops/variables.h"
#include "ops/where.h"
#include "runtime/bindings/bindings.h"

namespace litesmith {

void BindContext::unsupported(std::string_view why) const {
  std::string types;
  for (const Value* value : node.inputs) {
    types += (types.empty() ? "" : ", ") +
             (value == nullptr ? std::string("-") : std::string(to_string(value->dtype)));
  }
  for (const Value* value : node.outputs) types += " -> " + std::string(to_string(value->dtype));
  throw Error(ErrorCode::unsupported,
              std::string(node.op.def().name) + "(" + types + ") cannot run: " + std::string(why));
}

Binding find_binding(const OpDef& def) {
  static const auto table = std::to_array<std::pair<const OpDef*, Binding>>({
      {&AveragePool2D::definition(), bindings::average_pool_2d},
      {&Conv2D::definition(), bindings::conv_2d},
      {&DepthwiseConv2D::definition(), bindings::depthwise_conv_2d},
      {&FullyConnected::definition(), bindings::fully_connected},
      {&MaxPool2D::definition(), bindings::max_pool_2d},
      {&Reshape::definition(), bindings::copy},
      {&Squeeze::definition(), bindings::copy},
      {&ExpandDims::definition(), bindings::copy},
      {&Densify::definition(), bindings::copy},
      {&BroadcastTo::definition(), bindings::broadcast_to},
      {&Concatenation::definition(), bindings::concatenation},
      {&Gather::definition(), bindings::gather},
      {&MirrorPad::definition(), bindings::mirror_pad},
      {&Pack::definition(), bindings::pack},
      {&Pad::definition(), bindings::pad},
      {&PadV2::definition(), bindings::pad_v2},
      {&ResizeBilinear::definition(), bindings::resize_bilinear},
      {&ResizeNearestNeighbor::definition(), bindings::resize_nearest_neighbor},
      {&ShapeOf::definition(), bindings::shape_of},
      {&Slice::definition(), bindings::slice},
      {&Split::definition(), bindings::split},
      {&SplitV::definition(), bindings::split_v},
      {&StridedSlice::definition(), bindings::strided_slice},
      {&Tile::definition(), bindings::tile},
      {&Transpose::definition(), bindings::transpose},
      {&Unpack::definition(), bindings::unpack},
      {&Add::definition(), bindings::add},
      {&Sub::definition(), bindings::sub},
      {&Mul::definition(), bindings::mul},
      {&Div::definition(), bindings::div},
      {&Maximum::definition(), bindings::maximum},
      {&Minimum::definition(), bindings::minimum},
      {&SquaredDifference::definition(), bindings::squared_difference},
      {&Relu::definition(), bindings::relu},
      {&Relu6::definition(), bindings::relu6},
      {&ReluN1To1::definition(), bindings::relu_n1_to_1},
      {&Relu0To1::definition(), bindings::relu_0_to_1},
      {&LeakyRelu::definition(), bindings::leaky_relu},
      {&Prelu::definition(), bindings::prelu},
      {&Logistic::definition(), bindings::logistic},
      {&Tanh::definition(), bindings::tanh},
      {&Elu::definition(), bindings::elu},
      {&Gelu::definition(), bindings::gelu},
      {&Exp::definition(), bindings::exp},
      {&Log::definition(), bindings::log},
      {&Sqrt::definition(), bindings::sqrt},
      {&Rsqrt::definition(), bindings::rsqrt},
      {&HardSwish::definition(), bindings::hard_swish},
      {&Abs::definition(), bindings::abs},
      {&Neg::definition(), bindings::neg},
      {&Square::definition(), bindings::square},
      {&Softmax::definition(), bindings::softmax},
      {&LogSoftmax::definition(), bindings::log_softmax},
      {&Mean::definition(), bindings::mean},
      {&Sum::definition(), bindings::sum},
      {&ReduceMax::definition(), bindings::reduce_max},
      {&ReduceMin::definition(), bindings::reduce_min},
      {&Quantize::definition(), bindings::quantize},
      {&Dequantize::definition(), bindings::dequantize},
      {&Cast::definition(), bindings::cast},
      {&AssignVariable::definition(), bindings::assign_variable},
      {&ReadVariable::definition(), bindings::read_variable},
      {&TopK::definition(), bindings::top_k},
      {&ArgMin::definition(), bindings::arg_min},
      {&ArgMax::definition(), bindings::arg_max},
      {&DynamicUpdateSlice::definition(), bindings::dynamic_update_slice},
      {&EmbeddingLookup::definition(), bindings::embedding_lookup},
      {&ScatterNd::definition(), bindings::scatter_nd},
      {&GatherNd::definition(), bindings::gather_nd},
      {&BatchMatMul::definition(), bindings::batch_matmul},
      {&TransposeConv::definition(), bindings::transpose_conv},
      {&SpaceToDepth::definition(), bindings::space_to_depth},
      {&DepthToSpace::definition(), bindings::depth_to_space},
      {&Equal::definition(), bindings::equal},
      {&NotEqual::definition(), bindings::not_equal},
      {&Less::definition(), bindings::less},
      {&LessEqual::definition(), bindings::less_equal},
      {&Greater::definition(), bindings::greater},
      {&GreaterEqual::definition(), bindings::greater_equal},
      {&LogicalAnd::definition(), bindings::logical_and},
      {&LogicalOr::definition(), bindings::logical_or},
      {&LogicalNot::definition(), bindings::logical_not},
      {&Select::definition(), bindings::select},
      {&SelectV2::definition(), bindings::select},
      {&Floor::definition(), bindings::floor},
      {&Ceil::definition(), bindings::ceil},
      {&Round::definition(), bindings::round},
      {&Sign::definition(), bindings::sign},
      {&Sin::definition(), bindings::sin},
      {&Cos::definition(), bindings::cos},
      {&ReduceAny::definition(), bindings::reduce_any},
      {&ReduceAll::definition(), bindings::reduce_all},
      {&UnidirectionalSequenceLstm::definition(), bindings::unidirectional_sequence_lstm},
      {&Lstm::definition(), bindings::lstm_step},
      {&Svdf::definition(), bindings::svdf},
      {&L2Normalization::definition(), bindings::l2_normalization},
      {&Where::definition(), bindings::where},
      {&FloorMod::definition(), bindings::floor_mod},
      {&Atan2::definition(), bindings::atan2},
      {&Pow::definition(), bindings::pow},
      {&Conv3D::definition(), bindings::conv_3d},
      {&Conv3DTranspose::definition(), bindings::conv_3d_transpose},
      {&SegmentSum::definition(), bindings::segment_sum},
      {&Fill::definition(), bindings::fill},
      {&ZerosLike::definition(), bindings::zeros_like},
      {&OneHot::definition(), bindings::one_hot},
      {&ReverseV2::definition(), bindings::reverse_v2},
      {&FloorDiv::definition(), bindings::floor_div},
      {&Cumsum::definition(), bindings::cumsum},
      {&DetectionPostprocess::definition(), bindings::detection_postprocess},
      {&SignalWindow::definition(), bindings::signal_window},
      {&SignalFftAutoScale::definition(), bindings::signal_fft_auto_scale},
      {&SignalRfft::definition(), bindings::signal_rfft},
      {&SignalEnergy::definition(), bindings::signal_energy},
      {&SignalFilterBank::definition(), bindings::signal_filter_bank},
      {&SignalFilterBankSquareRoot::definition(), bindings::signal_filter_bank_square_root},
      {&SignalFilterBankSpectralSubtraction::definition(),
       bindings::signal_filter_bank_spectral_subtraction},
      {&SignalPcan::definition(), bindings::signal_pcan},
      {&SignalFilterBankLog::definition(), bindings::signal_filter_bank_log},
  });
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == &def; });
  return found == table.end() ? nullptr : found->second;
}

}  // namespace litesmith
