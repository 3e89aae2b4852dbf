// Activations and softmax, composed where LiteRT has no operator of that name.
#include <array>
#include <cmath>
#include <limits>

#include "formats/compose/exponential_unit.h"
#include "formats/onnx/ops/align.h"
#include "formats/onnx/ops/ops.h"
#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "ops/comparison.h"
#include "ops/select.h"
#include "ops/softmax.h"
#include "ops/unary.h"

namespace litesmith::onnx {
namespace {

ValueId times(Call& call, ValueId x, float factor, std::string_view part) {
  return call.emit(Mul(), {x, call.scalar_constant(part, factor)}, part);
}
ValueId plus(Call& call, ValueId x, float term, std::string_view part) {
  return call.emit(Add(), {x, call.scalar_constant(part, term)}, part);
}

// The element types that a bound of Clip may have.
ValueId bound_like(Call& call, ValueId x, double bound, std::string_view part) {
  switch (call[x].dtype) {
    case DType::float32:
      return call.scalar_constant(part, static_cast<float>(bound));
    case DType::int32:
      return call.constant<int32_t>(part, {}, {static_cast<int32_t>(bound)});
    case DType::int64:
      return call.constant<int64_t>(part, {}, {to_integer(bound)});
    default:
      call.refuse("it clips " + std::string(to_string(call[x].dtype)));
  }
}

std::optional<double> clip_bound(Call& call, size_t i, std::string_view attribute) {
  if (call.opset() < 11) {
    if (!call.has_attribute(attribute)) return std::nullopt;
    return call.number(attribute, 0);
  }
  if (!call.has(i)) return std::nullopt;
  return static_cast<double>(call.scalar(i, attribute));
}

// log(1 + exp(x)), as max(x, 0) + log(1 + exp(-|x|)): no overflow on either side.
ValueId softplus(Call& call, ValueId x) {
  const ValueId magnitude = call.emit(Neg(), {call.emit(Abs(), {x}, "abs")}, "neg");
  const ValueId small = plus(call, call.emit(Exp(), {magnitude}, "exp"), 1, "one");
  return call.emit(Add(), {call.emit(Relu(), {x}, "relu"), call.emit(Log(), {small}, "log")},
                   "softplus");
}

template <class Op>
void softmax(Call& call, std::string_view part) {
  const size_t rank = call.rank(0);
  const bool one_axis = call.opset() >= 13;
  if (rank == 0) call.refuse("the input is a scalar");
  const int32_t axis = call.axis(call.integer("axis", one_axis ? -1 : 1), rank);
  if (one_axis || axis == static_cast<int32_t>(rank) - 1) {
    // LiteRT's runs over the dimension stored last.
    Order order = call.order(0);
    const int32_t stored = stored_axis(order, axis);
    order.erase(order.begin() + stored);
    order.push_back(axis);
    return call.set_like_input(call.emit(Op(), {call.value(0, order)}, part), order);
  }
  // Before opset 13 all dimensions from the axis on are one.
  const Shape shape = call.shape(0);
  const Shape last(shape.begin() + axis, shape.end());
  const Shape first(shape.begin(), shape.begin() + axis);
  const Shape rows = {is_static(first) ? to_int32(element_count(first)) : kDynamic,
                      to_int32(element_count(last))};
  const ValueId flat = call.reshape(call.plain(0), rows, "rows");
  call.set(0, call.reshape(call.emit(Op(), {flat}, part), shape, "shape"));
}

}  // namespace

void build_clip(Call& call) {
  const auto low = clip_bound(call, 1, "min");
  const auto high = clip_bound(call, 2, "max");
  call.each_element([&](ValueId x) {
    const bool floats = call[x].dtype == DType::float32;
    if (floats && low == 0.0 && high == 6.0) return call.emit(Relu6(), {x}, "relu6");
    if (floats && low == 0.0 && high == 1.0) return call.emit(Relu0To1(), {x}, "relu_0_to_1");
    if (floats && low == -1.0 && high == 1.0) return call.emit(ReluN1To1(), {x}, "relu_n1_to_1");
    if (floats && low == 0.0 && !high) return call.emit(Relu(), {x}, "relu");
    const DType dtype = call[x].dtype;
    x = widened(call, x);
    if (low) x = call.emit(Maximum(), {x, bound_like(call, x, *low, "min")}, "max");
    if (high) x = call.emit(Minimum(), {x, bound_like(call, x, *high, "max")}, "min");
    return narrowed(call, x, dtype);
  });
}

void build_celu(Call& call) {
  compose::Composer composer = call.composer();
  call.each_element([&](ValueId x) {
    return compose::continuous_exponential_unit(composer, x, call.number("alpha", 1));
  });
}

void build_elu(Call& call) {
  compose::Composer composer = call.composer();
  call.each_element(
      [&](ValueId x) { return compose::exponential_unit(composer, x, call.number("alpha", 1)); });
}

void build_selu(Call& call) {
  compose::Composer composer = call.composer();
  call.each_element([&](ValueId x) {
    return compose::exponential_unit(composer, x, call.number("alpha", 1.67326319217681884765625f),
                                     call.number("gamma", 1.05070102214813232421875f));
  });
}

// sign(x) (1 - p(t) exp(-x^2)) with t = 1 / (1 + 0.3275911 |x|): Abramowitz and Stegun, Handbook of
// Mathematical Functions, 7.1.26, within 1.5e-7 everywhere.
void build_erf(Call& call) {
  call.each_element([&](ValueId x) {
    constexpr std::array kP = {0.254829592f, -0.284496736f, 1.421413741f, -1.453152027f,
                               1.061405429f};
    const ValueId magnitude = call.emit(Abs(), {x}, "abs");
    const ValueId below = plus(call, times(call, magnitude, 0.3275911f, "slope"), 1, "one");
    const ValueId t = call.emit(Div(), {call.scalar_constant("one", 1), below}, "t");
    ValueId p = times(call, t, kP.back(), "p5");
    for (size_t i = kP.size() - 1; i-- > 0;) {
      p = call.emit(Mul(), {plus(call, p, kP[i], "coefficient"), t}, "p");
    }
    const ValueId square = call.emit(Mul(), {x, x}, "square");
    const ValueId bell = call.emit(Exp(), {call.emit(Neg(), {square}, "neg")}, "exp");
    const ValueId tail = call.emit(Mul(), {p, bell}, "tail");
    const ValueId size = call.emit(Sub(), {call.scalar_constant("one", 1), tail}, "size");
    return call.emit(Mul(), {size, call.emit(Sign(), {x}, "sign")}, "erf");
  });
}

void build_gelu(Call& call) {
  Gelu op;
  op.approximate = call.text("approximate", "none") == "tanh";
  call.each_element([&](ValueId x) { return call.emit(op, {x}, "gelu"); });
}

void build_hard_sigmoid(Call& call) {
  call.each_element([&](ValueId x) {
    x = times(call, x, call.number("alpha", 0.2f), "alpha");
    return call.emit(Relu0To1(), {plus(call, x, call.number("beta", 0.5f), "beta")}, "clip");
  });
}

void build_hard_swish(Call& call) {
  call.each_element([&](ValueId x) { return call.emit(HardSwish(), {x}, "hard_swish"); });
}

void build_leaky_relu(Call& call) {
  LeakyRelu op;
  op.alpha = call.number("alpha", 0.01f);
  call.each_element([&](ValueId x) { return call.emit(op, {x}, "leaky_relu"); });
}

void build_mish(Call& call) {
  // tanh(log(1 + e)) is n / (n + 2) with n = e * (e + 2), which is exact on both sides; above 20 it
  // is 1 in float.
  call.each_element([&](ValueId x) {
    constexpr float kOneFrom = 20;
    const ValueId low = call.emit(Minimum(), {x, call.scalar_constant("bound", kOneFrom)}, "low");
    const ValueId e = call.emit(Exp(), {low}, "exp");
    const ValueId n = call.emit(Mul(), {e, plus(call, e, 2, "two")}, "n");
    return call.emit(Mul(), {x, call.emit(Div(), {n, plus(call, n, 2, "two")}, "tanh")}, "mish");
  });
}

void build_softplus(Call& call) {
  call.each_element([&](ValueId x) { return softplus(call, x); });
}

void build_softsign(Call& call) {
  call.each_element([&](ValueId x) {
    return call.emit(Div(), {x, plus(call, call.emit(Abs(), {x}, "abs"), 1, "one")}, "softsign");
  });
}

void build_swish(Call& call) {
  const float alpha = call.number("alpha", 1);
  call.each_element([&](ValueId x) {
    const ValueId scaled = alpha == 1 ? x : times(call, x, alpha, "alpha");
    return call.emit(Mul(), {x, call.emit(Logistic(), {scaled}, "sigmoid")}, "swish");
  });
}

void build_thresholded_relu(Call& call) {
  call.each_element([&](ValueId x) {
    const ValueId bound = call.scalar_constant("alpha", call.number("alpha", 1));
    const ValueId above = call.emit(Greater(), {x, bound}, "above");
    return call.emit(SelectV2(), {above, x, call.scalar_constant("zero", 0)}, "thresholded_relu");
  });
}

void build_softmax(Call& call) { softmax<Softmax>(call, "softmax"); }
void build_log_softmax(Call& call) { softmax<LogSoftmax>(call, "log_softmax"); }

}  // namespace litesmith::onnx
