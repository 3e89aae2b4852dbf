// Reductions and positions of extrema.
#include <algorithm>

#include "formats/onnx/ops/ops.h"
#include "ops/binary.h"
#include "ops/index.h"
#include "ops/reduce.h"
#include "ops/slice.h"
#include "ops/unary.h"

namespace litesmith::onnx {
namespace {

struct Reduction {
  ValueId input;
  std::vector<bool> axes;  // ONNX's dimensions
  ValueId stored_axes;
  Order order;   // of the input
  Order result;  // of the output
  bool keep = true;
  bool nothing = false;  // there is nothing to reduce
};

Reduction reduction_of(Call& call, int64_t input_since) {
  const size_t rank = call.rank(0);
  std::vector<int64_t> axes;
  if (call.opset() >= input_since) {
    if (call.has(1)) axes = call.integers(1, "axes");
  } else {
    axes = call.integer_list("axes");
  }
  Reduction result;
  result.keep = call.integer("keepdims", 1) != 0;
  result.nothing = axes.empty() && call.integer("noop_with_empty_axes", 0) != 0;
  result.axes.assign(rank, axes.empty() && !result.nothing);
  for (const int64_t axis : axes) result.axes[static_cast<size_t>(call.axis(axis, rank))] = true;
  result.order = call.order(0);
  result.input = call.value(0, result.order);
  result.result = result.keep ? result.order : without(result.order, result.axes);
  std::vector<int32_t> stored;
  for (size_t k = 0; k < rank; ++k) {
    if (result.axes[static_cast<size_t>(result.order[k])]) {
      stored.push_back(static_cast<int32_t>(k));
    }
  }
  result.nothing |= stored.empty();
  result.stored_axes = call.int32s("axes", stored);
  return result;
}

template <class Op>
ValueId reduced(Call& call, const Reduction& reduction, ValueId x, std::string_view part) {
  if (reduction.nothing) return x;
  Op op;
  op.keep_dims = reduction.keep;
  return call.emit(op, {x, reduction.stored_axes}, part);
}

void finish(Call& call, const Reduction& reduction, ValueId made) {
  call.set(0, made, reduction.result, reduction.keep && call.input(0).channels_first);
}

// Axes became an input in opset 13 for ReduceSum, in 18 for the others.
constexpr int64_t kAxesInput = 18;

template <class Op>
void reduce(Call& call, std::string_view part, int64_t input_since = kAxesInput) {
  const Reduction reduction = reduction_of(call, input_since);
  finish(call, reduction, reduced<Op>(call, reduction, reduction.input, part));
}

// The last of several equal extrema is the first one seen from behind.
ValueId reversed(Call& call, ValueId x, int32_t axis, int32_t size) {
  std::vector<int32_t> from;
  for (int32_t i = size; i-- > 0;) from.push_back(i);
  Gather op;
  op.axis = axis;
  return call.emit(op, {x, call.int32s("reversed_order", from)}, "reversed");
}

template <class Op>
void positions(Call& call, std::string_view part) {
  const size_t rank = call.rank(0);
  const int32_t axis = call.axis(call.integer("axis", 0), rank);
  const bool last = call.integer("select_last_index", 0) != 0;
  const Order order = call.order(0);
  const int32_t at = stored_axis(order, axis);
  ValueId x = call.value(0, order);
  Shape shape = call[x].shape;
  const int32_t size = shape[static_cast<size_t>(at)];
  constexpr int32_t kMost = 1 << 20;
  if (last && (size < 1 || size > kMost)) call.refuse("select_last_index is not supported here");
  if (last) x = reversed(call, x, at, size);
  Op op;
  op.output_type = DType::int64;
  ValueId made = call.emit(op, {x, call.constant<int32_t>("axis", {}, {at})}, part);
  if (last) {
    made = call.emit(Sub(), {call.constant<int64_t>("last", {}, {size - 1}), made}, "from_behind");
  }
  std::vector<bool> removed(rank, false);
  removed[static_cast<size_t>(axis)] = true;
  if (call.integer("keepdims", 1) == 0) return call.set(0, made, without(order, removed));
  shape[static_cast<size_t>(at)] = 1;
  call.set_like_input(call.reshape(made, shape, "keep_dims"), order);
}

}  // namespace

void build_reduce_mean(Call& call) { reduce<Mean>(call, "mean"); }
void build_reduce_max(Call& call) {
  if (call.input(0).dtype == DType::boolean) return reduce<ReduceAny>(call, "any");
  reduce<ReduceMax>(call, "max");
}
void build_reduce_min(Call& call) {
  if (call.input(0).dtype == DType::boolean) return reduce<ReduceAll>(call, "all");
  reduce<ReduceMin>(call, "min");
}
void build_reduce_sum(Call& call) { reduce<Sum>(call, "sum", 13); }

void build_reduce_l1(Call& call) {
  const Reduction reduction = reduction_of(call, kAxesInput);
  const ValueId magnitude = call.emit(Abs(), {reduction.input}, "abs");
  finish(call, reduction, reduced<Sum>(call, reduction, magnitude, "sum"));
}

void build_reduce_l2(Call& call) {
  const Reduction reduction = reduction_of(call, kAxesInput);
  const ValueId square = call.emit(Mul(), {reduction.input, reduction.input}, "square");
  finish(call, reduction,
         call.emit(Sqrt(), {reduced<Sum>(call, reduction, square, "sum")}, "sqrt"));
}

void build_reduce_log_sum(Call& call) {
  const Reduction reduction = reduction_of(call, kAxesInput);
  finish(call, reduction,
         call.emit(Log(), {reduced<Sum>(call, reduction, reduction.input, "sum")}, "log"));
}

// The largest element is taken out first, so that no exp overflows.
void build_reduce_log_sum_exp(Call& call) {
  Reduction reduction = reduction_of(call, kAxesInput);
  if (reduction.nothing) return finish(call, reduction, reduction.input);
  Reduction kept = reduction;
  kept.keep = true;
  const ValueId largest = reduced<ReduceMax>(call, kept, kept.input, "max");
  const ValueId smaller = call.emit(Sub(), {kept.input, largest}, "sub");
  const ValueId powers = call.emit(Exp(), {smaller}, "exp");
  const ValueId sum = call.emit(Log(), {reduced<Sum>(call, kept, powers, "sum")}, "log");
  const ValueId made = call.emit(Add(), {sum, largest}, "log_sum_exp");
  if (reduction.keep) return finish(call, reduction, made);
  Shape shape;
  for (size_t k = 0; k < reduction.order.size(); ++k) {
    if (!reduction.axes[static_cast<size_t>(reduction.order[k])]) {
      shape.push_back(call[made].shape[k]);
    }
  }
  finish(call, reduction, call.reshape(made, shape, "drop_dims"));
}

void build_reduce_sum_square(Call& call) {
  const Reduction reduction = reduction_of(call, kAxesInput);
  const ValueId square = call.emit(Mul(), {reduction.input, reduction.input}, "square");
  finish(call, reduction, reduced<Sum>(call, reduction, square, "sum"));
}

void build_arg_max(Call& call) { positions<ArgMax>(call, "arg_max"); }
void build_arg_min(Call& call) { positions<ArgMin>(call, "arg_min"); }

}  // namespace litesmith::onnx
