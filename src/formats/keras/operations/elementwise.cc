// Functions of one, two or three tensors element by element, with NumPy's broadcasting.
#include <cmath>
#include <string>

#include "base/error.h"
#include "formats/compose/exponential_unit.h"
#include "formats/compose/power.h"
#include "formats/keras/activations.h"
#include "formats/keras/layers/activation_layers.h"
#include "formats/keras/operations/arguments.h"
#include "formats/keras/operations/operations.h"
#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "ops/comparison.h"
#include "ops/fill.h"
#include "ops/logical.h"
#include "ops/select.h"
#include "ops/shape_and_cast.h"
#include "ops/unary.h"

namespace litesmith::keras {
namespace {

const Arguments::Names kFirst = {"x1", "x"};
const Arguments::Names kSecond = {"x2", "y"};

// The two operands; numbers take the type of the tensor beside them.
std::pair<ValueId, ValueId> both(LayerCall& call) {
  const Arguments arguments(call);
  const DType like = call.dtype(arguments.first());
  return {arguments.operand(0, kFirst, like), arguments.operand(1, kSecond, like)};
}

template <class Op>
ValueId binary(LayerCall& call) {
  const auto [a, b] = both(call);
  return call.emit(Op(), {a, b}, "binary");
}

template <class Op>
ValueId unary(LayerCall& call) {
  return call.emit(Op(), {call.input()}, "unary");
}

ValueId with_one(LayerCall& call, ValueId x, bool subtract) {
  const ValueId one = call.scalar("one", 1);
  return subtract ? call.emit(Sub(), {x, one}, "sub") : call.emit(Add(), {x, one}, "add");
}

}  // namespace

ValueId build_op_add(LayerCall& call) { return binary<Add>(call); }
ValueId build_op_subtract(LayerCall& call) { return binary<Sub>(call); }
ValueId build_op_multiply(LayerCall& call) { return binary<Mul>(call); }
ValueId build_op_maximum(LayerCall& call) { return binary<Maximum>(call); }
ValueId build_op_minimum(LayerCall& call) { return binary<Minimum>(call); }
ValueId build_op_equal(LayerCall& call) { return binary<Equal>(call); }
ValueId build_op_not_equal(LayerCall& call) { return binary<NotEqual>(call); }
ValueId build_op_less(LayerCall& call) { return binary<Less>(call); }
ValueId build_op_less_equal(LayerCall& call) { return binary<LessEqual>(call); }
ValueId build_op_greater(LayerCall& call) { return binary<Greater>(call); }
ValueId build_op_greater_equal(LayerCall& call) { return binary<GreaterEqual>(call); }
ValueId build_op_and(LayerCall& call) { return binary<LogicalAnd>(call); }
ValueId build_op_or(LayerCall& call) { return binary<LogicalOr>(call); }
ValueId build_op_not(LayerCall& call) { return unary<LogicalNot>(call); }
ValueId build_op_absolute(LayerCall& call) { return unary<Abs>(call); }
ValueId build_op_negative(LayerCall& call) { return unary<Neg>(call); }
ValueId build_op_square(LayerCall& call) { return unary<Square>(call); }
ValueId build_op_sqrt(LayerCall& call) { return unary<Sqrt>(call); }
ValueId build_op_rsqrt(LayerCall& call) { return unary<Rsqrt>(call); }
ValueId build_op_exp(LayerCall& call) { return unary<Exp>(call); }
ValueId build_op_log(LayerCall& call) { return unary<Log>(call); }
ValueId build_op_sin(LayerCall& call) { return unary<Sin>(call); }
ValueId build_op_cos(LayerCall& call) { return unary<Cos>(call); }
ValueId build_op_floor(LayerCall& call) { return unary<Floor>(call); }
ValueId build_op_ceil(LayerCall& call) { return unary<Ceil>(call); }
ValueId build_op_sign(LayerCall& call) { return unary<Sign>(call); }
ValueId build_op_identity(LayerCall& call) { return Arguments(call).first(); }

// Of integers, too, a quotient is a float: LiteRT's would be an integer.
ValueId build_op_divide(LayerCall& call) {
  const auto [a, b] = both(call);
  return call.emit(Div(), {as_float(call, a), as_float(call, b)}, "divide");
}

ValueId build_op_round(LayerCall& call) {
  const Json& decimals = Arguments(call).json(1, {"decimals"});
  if (decimals.is_number() && decimals.value() != 0) {
    throw Error(ErrorCode::unsupported, "rounding to decimals is not supported");
  }
  return call.emit(Round(), {Arguments(call).first()}, "round");
}

ValueId build_op_reciprocal(LayerCall& call) {
  return call.emit(Div(), {call.scalar("one", 1), call.input()}, "reciprocal");
}
ValueId build_op_expm1(LayerCall& call) {
  return with_one(call, call.emit(Exp(), {call.input()}, "exp"), true);
}
ValueId build_op_log1p(LayerCall& call) {
  return call.emit(Log(), {with_one(call, call.input(), false)}, "log");
}

ValueId build_op_power(LayerCall& call) {
  const Arguments arguments(call);
  compose::Composer composer = call.composer();
  if (!arguments.is_tensor(1, kSecond)) {
    const auto exponent = Arguments::numbers(arguments.json(1, kSecond));
    if (exponent && exponent->elements.size() == 1) {
      const ValueId x = arguments.operand(0, kFirst);
      const auto made = compose::simple_power(composer, x, exponent->elements.front());
      if (made) return *made;
    }
  }
  return compose::general_power(composer, arguments.operand(0, kFirst),
                                arguments.operand(1, kSecond));
}

ValueId build_op_where(LayerCall& call) {
  const Arguments arguments(call);
  // A number takes the type of the tensor beside it, which may come first or second.
  const DType like = arguments.is_tensor(1, kFirst)    ? call.dtype(arguments.operand(1, kFirst))
                     : arguments.is_tensor(2, kSecond) ? call.dtype(arguments.operand(2, kSecond))
                                                       : DType::float32;
  return call.emit(SelectV2(),
                   {arguments.operand(0, {"condition"}), arguments.operand(1, kFirst, like),
                    arguments.operand(2, kSecond, like)},
                   "select");
}

ValueId build_op_clip(LayerCall& call) {
  const Arguments arguments(call);
  ValueId x = arguments.first();
  const Arguments::Names lowest = {"x_min", "clip_value_min"};
  const Arguments::Names highest = {"x_max", "clip_value_max"};
  if (!arguments.json(2, highest).is_null()) {
    x = call.emit(Minimum(), {x, arguments.operand(2, highest, call.dtype(x))}, "minimum");
  }
  if (!arguments.json(1, lowest).is_null()) {
    x = call.emit(Maximum(), {x, arguments.operand(1, lowest, call.dtype(x))}, "maximum");
  }
  return x;
}

namespace {

// The type that an argument asks for, as the graph has it.
DType asked_dtype(const Json& dtype) {
  const std::string& name = dtype.text();
  DType to = parse_dtype(name).value_or(DType::string);
  if (to == DType::float16 || to == DType::bfloat16 || to == DType::float64) to = DType::float32;
  if (to == DType::int64) to = DType::int32;
  if (to != DType::float32 && to != DType::int32 && to != DType::boolean) {
    throw Error(ErrorCode::unsupported, "a cast to '" + name + "' is not supported");
  }
  return to;
}

}  // namespace

ValueId build_op_cast(LayerCall& call) {
  const Arguments arguments(call);
  return cast_to(call, arguments.first(), asked_dtype(arguments.json(1, {"dtype"})));
}

ValueId build_op_zeros_like(LayerCall& call) {
  const Arguments arguments(call);
  const ValueId zeros = call.emit(ZerosLike(), {arguments.first()}, "zeros");
  const Json& dtype = arguments.json(1, {"dtype"});
  return dtype.is_null() ? zeros : cast_to(call, zeros, asked_dtype(dtype));
}

ValueId build_op_gelu(LayerCall& call) {
  Gelu op;
  // keras.ops.gelu's default; a file always says it.
  op.approximate = Arguments(call).flag(1, {"approximate"}, true);
  return call.emit(op, {call.input()}, "gelu");
}
ValueId build_op_leaky_relu(LayerCall& call) {
  LeakyRelu op;
  const Json& slope = Arguments(call).json(1, {"negative_slope", "alpha"});
  op.alpha = slope.is_number() ? static_cast<float>(slope.value()) : 0.2f;
  return call.emit(op, {Arguments(call).first()}, "leaky_relu");
}

namespace {

float alpha_of(LayerCall& call) {
  const Json& alpha = Arguments(call).json(1, {"alpha"});
  return alpha.is_number() ? static_cast<float>(alpha.value()) : 1;
}

}  // namespace

ValueId build_op_elu(LayerCall& call) {
  compose::Composer composer = call.composer();
  return compose::exponential_unit(composer, Arguments(call).first(), alpha_of(call));
}
ValueId build_op_celu(LayerCall& call) {
  compose::Composer composer = call.composer();
  return compose::continuous_exponential_unit(composer, Arguments(call).first(), alpha_of(call));
}
ValueId build_op_softmax(LayerCall& call) {
  const Json& axis = Arguments(call).json(1, {"axis"});
  const Json config(Json::Object{{"axis", axis.is_null() ? Json(-1.0) : axis}});
  return emit_activation_layer(call, "Softmax", config, Arguments(call).first());
}

ValueId build_op_activation(LayerCall& call) {
  const Json function(to_snake_case(operation_name(call)));
  const ValueId x = Arguments(call).first();
  if (is_elementwise(function)) return emit_activation(call, function, x);
  const Json& axis = Arguments(call).json(1, {"axis"});
  if (axis.is_number() && normalize_axis(to_integer(axis, "axis"), call.shape(x).size()) + 1 !=
                              static_cast<int>(call.shape(x).size())) {
    throw Error(ErrorCode::unsupported, "along another axis than the last it is not supported");
  }
  return emit_activation(call, function, x);
}

}  // namespace litesmith::keras
