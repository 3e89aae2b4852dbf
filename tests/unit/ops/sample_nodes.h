// A node of every operator with operands that fit: what tests of all operators begin with.
#pragma once

#include <memory>
#include <vector>

#include "nodes.h"
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
#include "ops/lstm_operands.h"
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

struct Sample {
  std::shared_ptr<const Op> op;
  std::vector<Operand> inputs;
  std::vector<Value> outputs = {};  // as the graph states them, where nothing else tells
  std::vector<Value> intermediates = {};
};

// T with its attributes set by `set`.
template <class T, class Set>
std::shared_ptr<const Op> op_with(Set set) {
  auto op = std::make_shared<T>();
  set(*op);
  return op;
}

template <class... Ops>
void add_samples(std::vector<Sample>& samples, const std::vector<Operand>& inputs) {
  (samples.push_back({std::make_shared<Ops>(), inputs}), ...);
}

inline Value state(Value value) {
  value.is_variable = true;
  return value;
}

// Of four cells over five inputs, without a projection, peepholes and layer normalization.
inline std::vector<Operand> lstm_operands(Shape input, int32_t batch) {
  std::vector<Operand> operands(24);
  operands[lstm::kInput] = tensor(std::move(input));
  for (size_t gate = 0; gate < 4; ++gate) {
    operands[lstm::kInputWeights + gate] = tensor({4, 5});
    operands[lstm::kRecurrentWeights + gate] = tensor({4, 4});
    operands[lstm::kBias + gate] = tensor({4});
  }
  operands[lstm::kOutputState] = state(tensor({batch, 4}));
  operands[lstm::kCellState] = state(tensor({batch, 4}));
  return operands;
}

// The same with int8 weights, and in integers, whose cells are int16 in steps of a power of two.
inline std::vector<Operand> hybrid_lstm_operands(Shape input, int32_t batch) {
  std::vector<Operand> operands = lstm_operands(std::move(input), batch);
  for (size_t gate = 0; gate < 4; ++gate) {
    operands[lstm::kInputWeights + gate] = quantized({4, 5});
    operands[lstm::kRecurrentWeights + gate] = quantized({4, 4});
  }
  return operands;
}
// `dtype`: int8, or int16 as TFLite Micro has it.
inline std::vector<Operand> integer_lstm_operands(Shape input, int32_t batch,
                                                  DType dtype = DType::int8) {
  std::vector<Operand> operands = hybrid_lstm_operands(input, batch);
  operands[lstm::kInput] = quantized(std::move(input), dtype);
  const DType bias = dtype == DType::int8 ? DType::int32 : DType::int64;
  for (size_t gate = 0; gate < 4; ++gate) operands[lstm::kBias + gate]->dtype = bias;
  operands[lstm::kOutputState] = state(quantized({batch, 4}, dtype));
  Value cells = quantized({batch, 4}, DType::int16);
  cells.quantization.scale = {0x1p-11f};
  operands[lstm::kCellState] = state(cells);
  return operands;
}

// What sound passes on its way into a model.
inline void add_signal_samples(std::vector<Sample>& samples) {
  const auto shorts = [](int32_t n) { return tensor({n}, DType::int16); };
  const Value words = tensor({8}, DType::uint32);
  samples.push_back({std::make_shared<SignalWindow>(), {shorts(12), shorts(6)}});
  samples.push_back({std::make_shared<SignalFftAutoScale>(), {shorts(12)}});
  samples.push_back(
      {op_with<SignalRfft>([](SignalRfft& op) { op.fft_length = 16; }), {shorts(12)}});
  samples.push_back(
      {op_with<SignalEnergy>([](SignalEnergy& op) { op.end_index = 5; }), {shorts(12)}});
  samples.push_back({op_with<SignalFilterBank>([](SignalFilterBank& op) { op.num_channels = 2; }),
                     {words, shorts(4), shorts(4), shorts(3), shorts(3), shorts(3)}});
  samples.push_back({std::make_shared<SignalFilterBankSquareRoot>(),
                     {tensor({8}, DType::uint64), tensor({}, DType::int32)}});
  samples.push_back({op_with<SignalFilterBankSpectralSubtraction>(
                         [](SignalFilterBankSpectralSubtraction& op) { op.num_channels = 8; }),
                     {words}});
  samples.push_back({std::make_shared<SignalPcan>(), {words, words, shorts(125)}});
  samples.push_back({std::make_shared<SignalFilterBankLog>(), {words}});
}

// What ops take beside floats where their quantization does not tell.
inline void add_typed_samples(std::vector<Sample>& samples) {
  for (const DType dtype : {DType::int8, DType::int16}) {
    Value bias = quantized({3}, dtype == DType::int8 ? DType::int32 : DType::int64);
    bias.quantization.scale = {0.25f};
    samples.push_back(
        {op_with<TransposeConv>([](auto& op) { op.stride_w = op.stride_h = 2; }),
         {ints({1, 8, 8, 3}), quantized({3, 3, 3, 8}), quantized({1, 4, 4, 8}, dtype), bias}});
  }
  const auto tanh = [](auto& op) { op.activation = Activation::tanh; };
  const std::vector<Value> intermediates(5, quantized({0}));
  samples.push_back({op_with<Lstm>(tanh), hybrid_lstm_operands({2, 5}, 2)});
  samples.push_back({op_with<Lstm>(tanh), integer_lstm_operands({2, 5}, 2), {}, intermediates});
  samples.push_back(
      {op_with<UnidirectionalSequenceLstm>(tanh), hybrid_lstm_operands({2, 7, 5}, 2)});
  samples.push_back({op_with<UnidirectionalSequenceLstm>(tanh),
                     integer_lstm_operands({2, 7, 5}, 2),
                     {},
                     intermediates});
  samples.push_back({op_with<UnidirectionalSequenceLstm>(tanh),
                     integer_lstm_operands({2, 7, 5}, 2, DType::int16)});
  const auto filter = [](Svdf& op) {
    op.rank = 2;
    op.activation = Activation::relu;
  };
  samples.push_back(
      {op_with<Svdf>(filter),
       {tensor({1, 5}), quantized({6, 5}), quantized({6, 4}), kAbsent, state(tensor({1, 24}))}});
  samples.push_back({op_with<Svdf>(filter),
                     {quantized({1, 5}), quantized({6, 5}), quantized({6, 4}, DType::int16),
                      kAbsent, state(quantized({1, 24}, DType::int16))}});
}

inline std::vector<Sample> sample_nodes() {
  const Value image = tensor({1, 4, 4, 8});
  const Value row = tensor({1, 3});
  std::vector<Sample> samples;
  add_samples<Relu, Relu6, ReluN1To1, Relu0To1, Logistic, Tanh, Elu, HardSwish, Exp, Log, Sqrt,
              Rsqrt, Abs, Neg, Square, LeakyRelu, Gelu, Softmax, LogSoftmax, AveragePool2D,
              MaxPool2D, Quantize, Dequantize, ShapeOf, Cast, Squeeze, Floor, Ceil, Round, Sign,
              Sin, Cos, Densify>(samples, {image});
  add_samples<Add, Sub, Mul, Div, Maximum, Minimum, SquaredDifference, Equal, NotEqual, Less,
              LessEqual, Greater, GreaterEqual>(samples, {tensor({2, 1}), row});
  add_samples<Mean, Sum, ReduceMax, ReduceMin, ReduceAny, ReduceAll>(samples,
                                                                     {image, ints({1, 2})});
  add_samples<Pad, MirrorPad>(samples, {row, constant<int32_t>({0, 0, 1, 2}, Shape{2, 2})});
  add_samples<ResizeBilinear, ResizeNearestNeighbor>(samples, {image, ints({8, 6})});
  samples.push_back(
      {std::make_shared<PadV2>(), {row, constant<int32_t>({0, 0, 1, 2}, Shape{2, 2}), tensor({})}});
  samples.push_back({std::make_shared<Prelu>(), {image, tensor({1, 1, 8})}});
  samples.push_back({std::make_shared<Conv2D>(), {image, tensor({16, 3, 3, 8}), tensor({16})}});
  samples.push_back(
      {std::make_shared<DepthwiseConv2D>(), {image, tensor({1, 3, 3, 16}), tensor({16})}});
  samples.push_back(
      {std::make_shared<FullyConnected>(), {tensor({2, 8}), tensor({10, 8}), tensor({10})}});
  samples.push_back({std::make_shared<Reshape>(), {image, ints({-1, 16})}});
  samples.push_back({std::make_shared<ExpandDims>(), {row, scalar(1)}});
  samples.push_back({std::make_shared<Transpose>(), {image, ints({0, 3, 1, 2})}});
  samples.push_back({std::make_shared<Concatenation>(), {row, row, row}});
  samples.push_back({op_with<Pack>([](Pack& op) { op.values_count = 2; }), {row, row}});
  samples.push_back({op_with<Unpack>([](Unpack& op) { op.num = 2; }), {tensor({2, 3})}});
  samples.push_back({std::make_shared<Tile>(), {row, ints({2, 1})}});
  samples.push_back({std::make_shared<BroadcastTo>(), {row, ints({2, 3})}});
  samples.push_back({std::make_shared<Slice>(), {tensor({4, 6}), ints({1, 2}), ints({2, -1})}});
  samples.push_back({std::make_shared<StridedSlice>(),
                     {tensor({4, 6}), ints({1, -1}), ints({4, -7}), ints({2, -3})}});
  samples.push_back(
      {op_with<Split>([](Split& op) { op.num_splits = 2; }), {scalar(0), tensor({4, 3})}});
  samples.push_back({op_with<SplitV>([](SplitV& op) { op.num_splits = 2; }),
                     {tensor({4, 3}), ints({1, -1}), scalar(0)}});
  samples.push_back({std::make_shared<GatherNd>(), {tensor({4, 3}), tensor({2, 1}, DType::int32)}});
  samples.push_back({std::make_shared<ScatterNd>(),
                     {tensor({2, 1}, DType::int32), tensor({2, 3}), ints({4, 3})}});
  samples.push_back(
      {std::make_shared<DynamicUpdateSlice>(), {tensor({4, 3}), tensor({2, 3}), ints({1, 0})}});
  samples.push_back(
      {std::make_shared<EmbeddingLookup>(), {tensor({2}, DType::int32), tensor({4, 3})}});
  samples.push_back(
      {op_with<ArgMax>([](auto& op) { op.output_type = DType::int32; }), {row, scalar(1)}});
  samples.push_back(
      {op_with<ArgMin>([](auto& op) { op.output_type = DType::int64; }), {row, scalar(0)}});
  samples.push_back({std::make_shared<TopK>(), {row, scalar(2)}});
  samples.push_back({std::make_shared<VarHandle>(), {}});
  samples.push_back({std::make_shared<ReadVariable>(), {state(row)}});
  samples.push_back({std::make_shared<AssignVariable>(), {state(row), row}});
  samples.push_back({std::make_shared<CallOnce>(), {}});
  samples.push_back({std::make_shared<Gather>(), {tensor({4, 3}), tensor({2, 2}, DType::int32)}});
  const Value flags = tensor({1, 3}, DType::boolean);
  add_samples<LogicalAnd, LogicalOr>(samples, {flags, flags});
  add_samples<LogicalNot>(samples, {flags});
  add_samples<Select, SelectV2>(samples, {flags, row, row});
  samples.push_back({op_with<SpaceToDepth>([](auto& op) { op.block_size = 2; }), {image}});
  samples.push_back({op_with<DepthToSpace>([](auto& op) { op.block_size = 2; }), {image}});
  samples.push_back({std::make_shared<BatchMatMul>(), {tensor({2, 3, 4}), tensor({4, 5})}});
  samples.push_back({op_with<TransposeConv>([](auto& op) { op.stride_w = op.stride_h = 2; }),
                     {ints({1, 8, 8, 3}), tensor({3, 3, 3, 8}), image, tensor({3})}});
  const Value flag = tensor({}, DType::boolean);
  samples.push_back({std::make_shared<If>(), {flag, row, image}, {row}});
  samples.push_back({std::make_shared<While>(), {row, image}, {row, image}});
  samples.push_back({std::make_shared<StablehloComposite>(), {row}, {image}});
  samples.push_back({std::make_shared<L2Normalization>(), {image}});
  samples.push_back({std::make_shared<Where>(), {flags}});
  samples.push_back({std::make_shared<Where>(), {row}});
  samples.push_back({op_with<Conv3D>([](auto& op) { op.stride_d = op.stride_h = op.stride_w = 1; }),
                     {tensor({1, 4, 5, 6, 3}), tensor({2, 3, 2, 3, 8}), tensor({8})}});
  samples.push_back(
      {op_with<Conv3DTranspose>([](auto& op) { op.stride_d = op.stride_h = op.stride_w = 1; }),
       {ints({1, 4, 5, 6, 3}), tensor({2, 3, 2, 3, 8}), tensor({1, 4, 5, 6, 8}), tensor({3})}});
  samples.push_back({op_with<DetectionPostprocess>([](DetectionPostprocess& op) {
                       op.max_detections = 5;
                       op.max_classes_per_detection = 1;
                       op.nms_iou_threshold = 0.5f;
                       op.num_classes = 2;
                       op.y_scale = op.x_scale = op.h_scale = op.w_scale = 1;
                     }),
                     {tensor({1, 6, 4}), tensor({1, 6, 3}), tensor({6, 4})}});
  add_signal_samples(samples);
  for (const DType dtype : {DType::float32, DType::int32}) {
    samples.push_back({std::make_shared<SegmentSum>(), {tensor({3, 2}, dtype), ints({0, 0, 1})}});
  }
  add_samples<FloorMod, FloorDiv, Atan2, Pow>(samples, {row, row});
  add_samples<ZerosLike>(samples, {image});
  samples.push_back({std::make_shared<Fill>(), {ints({2, 3}), tensor({})}});
  samples.push_back({std::make_shared<ReverseV2>(), {image, ints({1, 2})}});
  samples.push_back({std::make_shared<Cumsum>(), {row, scalar(1)}});
  samples.push_back({op_with<OneHot>([](OneHot& op) { op.axis = -1; }),
                     {tensor({2, 3}, DType::int32), scalar(4), tensor({}), tensor({})}});
  samples.push_back(
      {op_with<Svdf>([](Svdf& op) { op.rank = 2; }),
       {tensor({1, 5}), tensor({6, 5}), tensor({6, 4}), kAbsent, state(tensor({1, 24}))}});
  add_typed_samples(samples);
  samples.push_back({std::make_shared<Lstm>(), lstm_operands({2, 5}, 2)});
  samples.push_back({std::make_shared<UnidirectionalSequenceLstm>(), lstm_operands({2, 7, 5}, 2)});
  return samples;
}

}  // namespace litesmith
