// Operators that look at each element alone.
#include <cmath>

#include "formats/onnx/ops/ops.h"
#include "ops/binary.h"
#include "ops/logical.h"
#include "ops/shape_and_cast.h"
#include "ops/unary.h"

namespace litesmith::onnx {
namespace {

template <class Op>
void unary(Call& call, std::string_view part) {
  call.each_element([&](ValueId x) { return call.emit(Op(), {x}, part); });
}

// True when the elements were known and so is the result.
template <class Function>
bool fold(Call& call, const Function& function) {
  auto known = call.known(0);
  if (!known) return false;
  for (double& element : *known) element = function(element);
  call.set_known(0, call.input(0).dtype, call.shape(0), std::move(*known));
  return true;
}

void cast_to(Call& call, DType to) {
  const Tensor& input = call.input(0);
  if (input.dtype == to) return call.set(0, input);
  if (auto known = call.known(0)) {
    for (double& element : *known) {
      if (std::isnan(element)) continue;
      if (to == DType::boolean) {
        element = element != 0;
      } else if (to == DType::float32) {
        element = static_cast<double>(static_cast<float>(element));
      } else {
        element = std::trunc(element);
      }
    }
    return call.set_known(0, to, call.shape(0), std::move(*known));
  }
  Cast op;
  op.in_data_type = input.dtype;
  op.out_data_type = to;
  call.each_element([&](ValueId x) { return call.emit(op, {x}, "cast"); });
}

}  // namespace

void build_abs(Call& call) { unary<Abs>(call, "abs"); }
void build_ceil(Call& call) {
  if (!fold(call, [](double x) { return std::ceil(x); })) unary<Ceil>(call, "ceil");
}
void build_cos(Call& call) { unary<Cos>(call, "cos"); }
void build_exp(Call& call) { unary<Exp>(call, "exp"); }
void build_floor(Call& call) {
  if (!fold(call, [](double x) { return std::floor(x); })) unary<Floor>(call, "floor");
}
void build_log(Call& call) { unary<Log>(call, "log"); }
void build_neg(Call& call) {
  if (!fold(call, [](double x) { return -x; })) unary<Neg>(call, "neg");
}
void build_not(Call& call) {
  if (!fold(call, [](double x) { return std::isnan(x) ? x : static_cast<double>(x == 0); })) {
    unary<LogicalNot>(call, "not");
  }
}
void build_relu(Call& call) { unary<Relu>(call, "relu"); }
void build_round(Call& call) { unary<Round>(call, "round"); }
void build_sigmoid(Call& call) { unary<Logistic>(call, "sigmoid"); }
void build_sign(Call& call) { unary<Sign>(call, "sign"); }
void build_sin(Call& call) { unary<Sin>(call, "sin"); }
void build_sqrt(Call& call) { unary<Sqrt>(call, "sqrt"); }
void build_tanh(Call& call) { unary<Tanh>(call, "tanh"); }

void build_reciprocal(Call& call) {
  call.each_element([&](ValueId x) {
    return call.emit(Div(), {call.scalar_constant("one", 1), x}, "reciprocal");
  });
}

void build_identity(Call& call) { call.set(0, call.input(0)); }

// What training drops, inference keeps.
void build_dropout(Call& call) {
  if (call.has(2)) {
    for (const int64_t training : call.integers(2, "training_mode")) {
      if (training != 0) call.refuse("training mode is not supported");
    }
  }
  call.set(0, call.input(0));
  if (!call.makes(1)) return;
  const Shape& shape = call.shape(0);
  constexpr int64_t kMost = 1 << 22;
  if (!is_static(shape) || element_count(shape) > kMost) {
    call.refuse("its mask of shape " + to_string(shape) + " is not supported");
  }
  Value mask{.name = "mask", .dtype = DType::boolean, .shape = shape};
  mask.data = Buffer::of(std::vector<uint8_t>(static_cast<size_t>(element_count(shape)), 1));
  call.set(1, call.graph().add(std::move(mask)));
}

void build_cast(Call& call) {
  const auto type = static_cast<int32_t>(call.integer("to", 0));
  const auto to = to_dtype(type);
  if (!to) call.refuse("a cast to " + type_name(type) + " is not supported");
  cast_to(call, *to);
}

void build_cast_like(Call& call) { cast_to(call, call.input(1).dtype); }

}  // namespace litesmith::onnx
