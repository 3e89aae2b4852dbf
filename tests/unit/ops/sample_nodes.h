// A node of every operator with operands that fit: what tests of all operators begin with.
#pragma once

#include <memory>
#include <vector>

#include "nodes.h"
#include "ops/activation_layers.h"
#include "ops/arrange.h"
#include "ops/batch_matmul.h"
#include "ops/binary.h"
#include "ops/comparison.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/fully_connected.h"
#include "ops/index.h"
#include "ops/logical.h"
#include "ops/pad.h"
#include "ops/pool_2d.h"
#include "ops/quantize.h"
#include "ops/reduce.h"
#include "ops/reshape.h"
#include "ops/resize.h"
#include "ops/select.h"
#include "ops/shape_and_cast.h"
#include "ops/slice.h"
#include "ops/softmax.h"
#include "ops/space_depth.h"
#include "ops/transpose_conv.h"
#include "ops/unary.h"
#include "ops/variables.h"

namespace litesmith {

struct Sample {
  std::shared_ptr<const Op> op;
  std::vector<Operand> inputs;
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

inline std::vector<Sample> sample_nodes() {
  const Value image = tensor({1, 4, 4, 8});
  const Value row = tensor({1, 3});
  std::vector<Sample> samples;
  add_samples<Relu, Relu6, ReluN1To1, Relu0To1, Logistic, Tanh, Elu, HardSwish, Exp, Log, Sqrt,
              Rsqrt, Abs, Neg, Square, LeakyRelu, Gelu, Softmax, LogSoftmax, AveragePool2D,
              MaxPool2D, Quantize, Dequantize, ShapeOf, Cast, Squeeze, Floor, Ceil, Round, Sign,
              Sin, Cos>(samples, {image});
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
  samples.push_back({std::make_shared<ReadVariable>(), {row}});
  samples.push_back({std::make_shared<AssignVariable>(), {row, row}});
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
  return samples;
}

}  // namespace litesmith
