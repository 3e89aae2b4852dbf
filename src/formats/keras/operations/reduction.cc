// Functions over whole axes: sums, extremes, their places, products of matrices.
#include <algorithm>
#include <numeric>
#include <string>

#include "base/error.h"
#include "formats/compose/moments.h"
#include "formats/keras/operations/arguments.h"
#include "formats/keras/operations/operations.h"
#include "ops/batch_matmul.h"
#include "ops/binary.h"
#include "ops/fully_connected.h"
#include "ops/index.h"
#include "ops/reduce.h"
#include "ops/unary.h"

namespace litesmith::keras {
namespace {

// No axis means all of them, the batch among them.
ValueId axes_of(LayerCall& call, ValueId x) {
  const size_t rank = call.shape(x).size();
  auto axes = Arguments(call).integers(1, {"axis"});
  if (!axes) {
    axes.emplace(rank);
    std::iota(axes->begin(), axes->end(), 0);
  }
  for (int32_t& axis : *axes) axis = normalize_axis(axis, rank);
  return call.integers("axes", *axes);
}

bool keeps_dims(LayerCall& call) { return Arguments(call).flag(2, {"keepdims"}, false); }

template <class Op>
ValueId reduce(LayerCall& call, ValueId x) {
  if (!Arguments(call).json(3, {"initial"}).is_null()) {
    throw Error(ErrorCode::unsupported, "an initial value is not supported");
  }
  Op op;
  op.keep_dims = keeps_dims(call);
  return call.emit(op, {x, axes_of(call, x)}, "reduce");
}
template <class Op>
ValueId reduce(LayerCall& call) {
  return reduce<Op>(call, Arguments(call).first());
}

template <class Op>
ValueId place_of_extreme(LayerCall& call) {
  const ValueId x = Arguments(call).first();
  const Json& axis = Arguments(call).json(1, {"axis"});
  if (axis.is_null() || keeps_dims(call)) {
    throw Error(ErrorCode::unsupported, "without an axis, or with keepdims, it is not supported");
  }
  Op op;
  op.output_type = DType::int32;
  const int32_t along = normalize_axis(to_integer(axis, "axis"), call.shape(x).size());
  return call.emit(op, {x, call.integers("axis", {}, {along})}, "place");
}

}  // namespace

// Of integers, too, a mean is a float: LiteRT's would be an integer.
ValueId build_op_mean(LayerCall& call) {
  const ValueId x = as_float(call, Arguments(call).first());
  return reduce<Mean>(call, x);
}
ValueId build_op_sum(LayerCall& call) { return reduce<Sum>(call); }
ValueId build_op_max(LayerCall& call) { return reduce<ReduceMax>(call); }
ValueId build_op_min(LayerCall& call) { return reduce<ReduceMin>(call); }
ValueId build_op_any(LayerCall& call) {
  return reduce<ReduceAny>(call, cast_to(call, Arguments(call).first(), DType::boolean));
}
ValueId build_op_all(LayerCall& call) {
  return reduce<ReduceAll>(call, cast_to(call, Arguments(call).first(), DType::boolean));
}
ValueId build_op_argmax(LayerCall& call) { return place_of_extreme<ArgMax>(call); }
ValueId build_op_argmin(LayerCall& call) { return place_of_extreme<ArgMin>(call); }

ValueId build_op_variance(LayerCall& call) {
  const ValueId x = as_float(call, Arguments(call).first());
  const ValueId axes = axes_of(call, x);
  compose::Composer composer = call.composer();
  const ValueId squares = compose::moments(composer, x, axes).squares;
  Mean mean;
  mean.keep_dims = keeps_dims(call);
  return call.emit(mean, {squares, axes}, "variance");
}

ValueId build_op_deviation(LayerCall& call) {
  return call.emit(Sqrt(), {build_op_variance(call)}, "deviation");
}

// A constant matrix on the right makes it a dense layer.
ValueId build_op_matmul(LayerCall& call) {
  const Arguments arguments(call);
  const Arguments::Names first = {"x1", "a"};
  const Arguments::Names second = {"x2", "b"};
  const ValueId x = arguments.operand(0, first);
  const bool turned = arguments.flag(2, {"transpose_a"}, false);
  const bool turns = arguments.flag(3, {"transpose_b"}, false);
  const auto matrix = Arguments::numbers(arguments.json(1, second));
  if (matrix && !arguments.is_tensor(1, second) && matrix->shape.size() == 2 && !turned &&
      call.shape(x).size() >= 2) {
    WeightArray weights{matrix->shape, Buffer::of(matrix->elements)};
    if (!turns) weights = transposed(weights, {1, 0});
    const auto elements = weights.elements.as<float>();
    FullyConnected op;
    op.keep_num_dims = call.shape(x).size() > 2;
    return call.emit(
        op,
        {x, call.floats("matrix", weights.shape, {elements.begin(), elements.end()}), ValueId{}},
        "matmul");
  }
  const ValueId y = arguments.operand(1, second);
  if (call.shape(x).size() < 2 || call.shape(y).size() < 2) {
    throw Error(ErrorCode::unsupported, "a product of vectors is not supported");
  }
  BatchMatMul op;
  op.adj_x = turned;
  op.adj_y = turns;
  return call.emit(op, {x, y}, "matmul");
}

}  // namespace litesmith::keras
