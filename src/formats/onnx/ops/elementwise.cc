// Operators of several operands that broadcast.
#include <cmath>
#include <functional>

#include "formats/compose/power.h"
#include "formats/onnx/ops/align.h"
#include "formats/onnx/ops/ops.h"
#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "ops/comparison.h"
#include "ops/logical.h"
#include "ops/select.h"

namespace litesmith::onnx {
namespace {

// Small known operands broadcast against each other, for shapes that are computed.
template <class Function>
bool fold(Call& call, size_t count, DType dtype, const Function& function) {
  if (call.opset() < 7 && call.has_attribute("axis")) return false;  // it broadcasts otherwise
  std::vector<Known> operands;
  for (size_t i = 0; i < count; ++i) {
    auto known = call.known(i);
    if (!known) return false;
    operands.push_back(std::move(*known));
  }
  const Shape shape = broadcast_shape(call, 0, count);
  if (!is_static(shape) || element_count(shape) > kMostKnown) return false;
  Known result;
  std::vector<int32_t> at(shape.size(), 0);
  const int64_t elements = element_count(shape);
  for (int64_t n = 0; n < elements; ++n) {
    std::vector<double> taken;
    for (size_t i = 0; i < count; ++i) {
      const Shape& own = call.shape(i);
      size_t offset = 0;
      for (size_t k = 0; k < own.size(); ++k) {
        const int32_t position = at[shape.size() - own.size() + k];
        offset =
            offset * static_cast<size_t>(own[k]) + static_cast<size_t>(own[k] == 1 ? 0 : position);
      }
      taken.push_back(operands[i][offset]);
    }
    double value = function(taken);
    if (dtype == DType::float32) value = static_cast<double>(static_cast<float>(value));
    result.push_back(value);
    for (size_t k = shape.size(); k-- > 0;) {
      if (++at[k] < shape[k]) break;
      at[k] = 0;
    }
  }
  call.set_known(0, dtype, shape, std::move(result));
  return true;
}

bool is_integer(DType dtype) { return dtype != DType::float32; }

template <class Op, class Function>
void binary(Call& call, std::string_view part, const Function& function) {
  const DType dtype = call.input(0).dtype;
  if (fold(call, 2, dtype, [&](const std::vector<double>& x) { return function(x[0], x[1]); })) {
    return;
  }
  Aligned operands = align(call, 0, 2);
  for (ValueId& operand : operands.values) operand = widened(call, operand);
  const ValueId made = narrowed(call, call.emit(Op(), operands.values, part), dtype);
  set_like(call, operands, made);
}

template <class Op, class Function>
void compare(Call& call, std::string_view part, const Function& function) {
  auto known = [&](const std::vector<double>& x) {
    return std::isnan(x[0]) || std::isnan(x[1]) ? NAN : static_cast<double>(function(x[0], x[1]));
  };
  if (fold(call, 2, DType::boolean, known)) return;
  Aligned operands = align(call, 0, 2);
  for (ValueId& operand : operands.values) operand = widened(call, operand);
  set_like(call, operands, call.emit(Op(), operands.values, part));
}

// Of any number of operands, two at a time.
template <class Op>
ValueId accumulate(Call& call, const Aligned& operands, std::string_view part) {
  const DType dtype = call[operands.values.front()].dtype;
  ValueId result = widened(call, operands.values.front());
  for (size_t i = 1; i < operands.values.size(); ++i) {
    result = call.emit(Op(), {result, widened(call, operands.values[i])}, part);
  }
  return narrowed(call, result, dtype);
}

template <class Op, class Function>
void variadic(Call& call, std::string_view part, const Function& function) {
  const size_t count = call.input_count();
  if (count == 0) call.wrong("it has no inputs");
  if (count == 1) return call.set(0, call.input(0));
  auto known = [&](const std::vector<double>& x) {
    double result = x[0];
    for (size_t i = 1; i < x.size(); ++i) {
      result = std::isnan(result) || std::isnan(x[i]) ? NAN : function(result, x[i]);
    }
    return result;
  };
  if (fold(call, count, call.input(0).dtype, known)) return;
  const Aligned operands = align(call, 0, count);
  set_like(call, operands, accumulate<Op>(call, operands, part));
}

}  // namespace

void build_add(Call& call) { binary<Add>(call, "add", std::plus<>()); }
void build_sub(Call& call) { binary<Sub>(call, "sub", std::minus<>()); }
void build_mul(Call& call) { binary<Mul>(call, "mul", std::multiplies<>()); }

void build_div(Call& call) {
  const bool integer = is_integer(call.input(0).dtype);
  binary<Div>(call, "div", [integer](double a, double b) {
    if (integer && b == 0) return std::nan("");
    return integer ? std::trunc(a / b) : a / b;
  });
}

void build_pow(Call& call) {
  const DType dtype = call.input(0).dtype;
  if (fold(call, 2, dtype, [](const std::vector<double>& x) { return std::pow(x[0], x[1]); })) {
    return;
  }
  compose::Composer composer = call.composer();
  const auto exponent = call.known(1);
  if (exponent && exponent->size() == 1 && call.rank(1) <= call.rank(0)) {
    const Order order = call.order(0);
    const auto made = compose::simple_power(composer, call.value(0, order), exponent->front());
    if (made) return call.set_like_input(*made, order);
  }
  const Aligned operands = align(call, 0, 2);
  set_like(call, operands,
           compose::general_power(composer, operands.values[0], operands.values[1]));
}

void build_max(Call& call) {
  variadic<Maximum>(call, "max", [](double a, double b) { return std::max(a, b); });
}
void build_min(Call& call) {
  variadic<Minimum>(call, "min", [](double a, double b) { return std::min(a, b); });
}
void build_sum(Call& call) { variadic<Add>(call, "sum", std::plus<>()); }

void build_mean(Call& call) {
  const size_t count = call.input_count();
  if (count == 0) call.wrong("it has no inputs");
  if (count == 1) return call.set(0, call.input(0));
  const Aligned operands = align(call, 0, count);
  const ValueId sum = accumulate<Add>(call, operands, "sum");
  const ValueId share = call.scalar_constant("share", 1.0f / static_cast<float>(count));
  set_like(call, operands, call.emit(Mul(), {sum, share}, "mean"));
}

void build_equal(Call& call) { compare<Equal>(call, "equal", std::equal_to<>()); }
void build_greater(Call& call) { compare<Greater>(call, "greater", std::greater<>()); }
void build_greater_or_equal(Call& call) {
  compare<GreaterEqual>(call, "greater_equal", std::greater_equal<>());
}
void build_less(Call& call) { compare<Less>(call, "less", std::less<>()); }
void build_less_or_equal(Call& call) {
  compare<LessEqual>(call, "less_equal", std::less_equal<>());
}
void build_and(Call& call) { compare<LogicalAnd>(call, "and", std::logical_and<>()); }
void build_or(Call& call) { compare<LogicalOr>(call, "or", std::logical_or<>()); }

// Of booleans.
void build_xor(Call& call) { compare<NotEqual>(call, "xor", std::not_equal_to<>()); }

void build_where(Call& call) {
  auto known = [](const std::vector<double>& x) {
    return std::isnan(x[0]) ? NAN : (x[0] != 0 ? x[1] : x[2]);
  };
  if (fold(call, 3, call.input(1).dtype, known)) return;
  const Aligned operands = align(call, 0, 3);
  set_like(call, operands, call.emit(SelectV2(), operands.values, "where"));
}

void build_prelu(Call& call) {
  Aligned operands = align(call, 0, 2);
  const ValueId x = operands.values[0];
  if (call.opset() < 7 && call.rank(1) == 1 && call.rank(0) > 2) {
    // A slope for each channel, which is dimension 1.
    Shape shape(operands.order.size(), 1);
    shape[static_cast<size_t>(stored_axis(operands.order, 1))] = call.shape(1)[0];
    operands.values[1] = call.reshape(call.plain(1), shape, "slope");
  }
  const ValueId slope = operands.values[1];
  // LiteRT's converter gives the slope one dimension less than the input: that of the batch.
  const Shape& shape = call[slope].shape;
  const size_t wanted = call[x].shape.size() - 1;
  if (call[slope].is_constant() && call[x].shape.size() > 1 &&
      (shape.size() <= wanted || (shape.size() == wanted + 1 && shape.front() == 1))) {
    Shape target = shape;
    if (target.size() > wanted) target.erase(target.begin());
    target.insert(target.begin(), wanted - target.size(), 1);
    operands.values[1] = call.reshape(slope, target, "slope");
  }
  set_like(call, operands, call.emit(Prelu(), operands.values, "prelu"));
}

}  // namespace litesmith::onnx
