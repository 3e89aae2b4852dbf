#include "ops/ops.h"

#include <algorithm>
#include <array>

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
#include "ops/if.h"
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
#include "ops/stablehlo_composite.h"
#include "ops/svdf.h"
#include "ops/transpose_conv.h"
#include "ops/unary.h"
#include "ops/unidirectional_sequence_lstm.h"
#include "ops/variables.h"
#include "ops/where.h"
#include "ops/while.h"

namespace litesmith {

std::span<const OpDef* const> all_ops() {
  static const std::array ops = [] {
    std::array result = {&Add::definition(),
                         &AveragePool2D::definition(),
                         &Concatenation::definition(),
                         &Conv2D::definition(),
                         &DepthwiseConv2D::definition(),
                         &Dequantize::definition(),
                         &FullyConnected::definition(),
                         &Logistic::definition(),
                         &MaxPool2D::definition(),
                         &Mul::definition(),
                         &Relu::definition(),
                         &ReluN1To1::definition(),
                         &Relu6::definition(),
                         &Reshape::definition(),
                         &ResizeBilinear::definition(),
                         &Softmax::definition(),
                         &Tanh::definition(),
                         &Pad::definition(),
                         &Gather::definition(),
                         &Transpose::definition(),
                         &Mean::definition(),
                         &Sub::definition(),
                         &Div::definition(),
                         &Squeeze::definition(),
                         &StridedSlice::definition(),
                         &Exp::definition(),
                         &Split::definition(),
                         &LogSoftmax::definition(),
                         &Cast::definition(),
                         &Prelu::definition(),
                         &Maximum::definition(),
                         &Minimum::definition(),
                         &Neg::definition(),
                         &PadV2::definition(),
                         &Slice::definition(),
                         &Tile::definition(),
                         &ExpandDims::definition(),
                         &Log::definition(),
                         &Sum::definition(),
                         &Sqrt::definition(),
                         &Rsqrt::definition(),
                         &ShapeOf::definition(),
                         &ReduceMax::definition(),
                         &Pack::definition(),
                         &Unpack::definition(),
                         &ReduceMin::definition(),
                         &Square::definition(),
                         &ResizeNearestNeighbor::definition(),
                         &LeakyRelu::definition(),
                         &SquaredDifference::definition(),
                         &MirrorPad::definition(),
                         &Abs::definition(),
                         &SplitV::definition(),
                         &Elu::definition(),
                         &Quantize::definition(),
                         &HardSwish::definition(),
                         &BroadcastTo::definition(),
                         &Gelu::definition(),
                         &Relu0To1::definition(),
                         &CallOnce::definition(),
                         &VarHandle::definition(),
                         &AssignVariable::definition(),
                         &ReadVariable::definition(),
                         &TopK::definition(),
                         &ArgMin::definition(),
                         &ArgMax::definition(),
                         &DynamicUpdateSlice::definition(),
                         &EmbeddingLookup::definition(),
                         &ScatterNd::definition(),
                         &GatherNd::definition(),
                         &Equal::definition(),
                         &NotEqual::definition(),
                         &Less::definition(),
                         &LessEqual::definition(),
                         &Greater::definition(),
                         &GreaterEqual::definition(),
                         &LogicalAnd::definition(),
                         &LogicalOr::definition(),
                         &LogicalNot::definition(),
                         &Select::definition(),
                         &SelectV2::definition(),
                         &SpaceToDepth::definition(),
                         &DepthToSpace::definition(),
                         &BatchMatMul::definition(),
                         &TransposeConv::definition(),
                         &Floor::definition(),
                         &Ceil::definition(),
                         &Round::definition(),
                         &Sign::definition(),
                         &Sin::definition(),
                         &Cos::definition(),
                         &ReduceAny::definition(),
                         &ReduceAll::definition(),
                         &If::definition(),
                         &While::definition(),
                         &StablehloComposite::definition(),
                         &UnidirectionalSequenceLstm::definition(),
                         &Lstm::definition(),
                         &Svdf::definition(),
                         &L2Normalization::definition(),
                         &Where::definition(),
                         &FloorMod::definition(),
                         &Atan2::definition(),
                         &Pow::definition(),
                         &Conv3D::definition(),
                         &Conv3DTranspose::definition(),
                         &SegmentSum::definition(),
                         &Densify::definition(),
                         &Fill::definition(),
                         &ZerosLike::definition(),
                         &OneHot::definition(),
                         &ReverseV2::definition(),
                         &FloorDiv::definition(),
                         &Cumsum::definition()};
    std::sort(result.begin(), result.end(),
              [](const OpDef* a, const OpDef* b) { return a->code < b->code; });
    return result;
  }();
  return ops;
}

std::span<const OpDef* const> custom_ops() {
  static const std::array ops = {&DetectionPostprocess::definition(),
                                 &SignalWindow::definition(),
                                 &SignalFftAutoScale::definition(),
                                 &SignalRfft::definition(),
                                 &SignalEnergy::definition(),
                                 &SignalFilterBank::definition(),
                                 &SignalFilterBankSquareRoot::definition(),
                                 &SignalFilterBankSpectralSubtraction::definition(),
                                 &SignalPcan::definition(),
                                 &SignalFilterBankLog::definition()};
  return ops;
}

const OpDef* find_op(int32_t code, std::string_view custom_name) {
  if (code == kCustomOp) {
    const auto ops = custom_ops();
    const auto found = std::find_if(ops.begin(), ops.end(),
                                    [&](const OpDef* def) { return def->name == custom_name; });
    return found == ops.end() ? nullptr : *found;
  }
  const auto ops = all_ops();
  const auto found =
      std::lower_bound(ops.begin(), ops.end(), code,
                       [](const OpDef* def, int32_t wanted) { return def->code < wanted; });
  return found != ops.end() && (*found)->code == code ? *found : nullptr;
}

std::string_view runtime_version(const OpDef& def, int version) {
  const auto index = static_cast<size_t>(version - 1);
  return version >= 1 && index < def.runtime_versions.size() ? def.runtime_versions[index]
                                                             : std::string_view();
}

}  // namespace litesmith
