#include "formats/keras/activations.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "formats/compose/exponential_unit.h"
#include "formats/keras/layers/activation_layers.h"
#include "ops/activation_layers.h"
#include "ops/binary.h"
#include "ops/slice.h"
#include "ops/softmax.h"
#include "ops/unary.h"

namespace litesmith::keras {
namespace {

using Emit = ValueId (*)(LayerCall&, ValueId);

// An activation that is one operator.
template <class Op>
ValueId one(LayerCall& call, ValueId x) {
  return call.emit(Op(), {x}, "activation");
}

ValueId linear(LayerCall&, ValueId x) { return x; }

ValueId leaky_relu(LayerCall& call, ValueId x) {
  LeakyRelu op;
  op.alpha = 0.2f;  // the function's default; the layer's is 0.3
  return call.emit(op, {x}, "activation");
}

ValueId minimum_with(LayerCall& call, ValueId x, float limit) {
  return call.emit(Minimum(), {x, call.scalar("limit", limit)}, "minimum");
}

ValueId selu(LayerCall& call, ValueId x) {
  compose::Composer composer = call.composer();
  return compose::exponential_unit(composer, x, 1.6732632423543772f, 1.0507009873554805f);
}

// log(1 + exp(x)), which like TensorFlow's is infinite beyond x = 88.
ValueId softplus(LayerCall& call, ValueId x) {
  const ValueId exponential = call.emit(Exp(), {x}, "exp");
  const ValueId sum = call.emit(Add(), {exponential, call.scalar("one", 1)}, "add");
  return call.emit(Log(), {sum}, "softplus");
}

ValueId softsign(LayerCall& call, ValueId x) {
  const ValueId absolute = call.emit(Abs(), {x}, "abs");
  const ValueId sum = call.emit(Add(), {absolute, call.scalar("one", 1)}, "add");
  return call.emit(Div(), {x, sum}, "activation");
}

ValueId silu(LayerCall& call, ValueId x) {
  return call.emit(Mul(), {x, call.emit(Logistic(), {x}, "sigmoid")}, "activation");
}

// Keras 3 took over PyTorch's relu6(x + 3) / 6; Keras 2 had clip(0.2 x + 0.5, 0, 1).
ValueId hard_sigmoid(LayerCall& call, ValueId x) {
  if (call.dialect().major < 3) {
    const ValueId scaled = call.emit(Mul(), {x, call.scalar("scale", 0.2f)}, "mul");
    const ValueId shifted = call.emit(Add(), {scaled, call.scalar("offset", 0.5f)}, "add");
    return call.emit(Relu(), {minimum_with(call, shifted, 1)}, "activation");
  }
  const ValueId shifted = call.emit(Add(), {x, call.scalar("three", 3)}, "add");
  const ValueId clipped = call.emit(Relu6(), {shifted}, "relu6");
  return call.emit(Mul(), {clipped, call.scalar("sixth", 1.0f / 6)}, "activation");
}

ValueId mish(LayerCall& call, ValueId x) {
  return call.emit(Mul(), {x, call.emit(Tanh(), {softplus(call, x)}, "tanh")}, "activation");
}

ValueId log_sigmoid(LayerCall& call, ValueId x) {
  const ValueId negated = call.emit(Neg(), {x}, "neg");
  return call.emit(Neg(), {softplus(call, negated)}, "activation");
}

ValueId squareplus(LayerCall& call, ValueId x) {
  const ValueId square = call.emit(Square(), {x}, "square");
  const ValueId sum = call.emit(Add(), {square, call.scalar("b", 4)}, "add");
  const ValueId both = call.emit(Add(), {x, call.emit(Sqrt(), {sum}, "sqrt")}, "sum");
  return call.emit(Mul(), {both, call.scalar("half", 0.5f)}, "activation");
}

ValueId tanh_shrink(LayerCall& call, ValueId x) {
  return call.emit(Sub(), {x, call.emit(Tanh(), {x}, "tanh")}, "activation");
}

ValueId clip(LayerCall& call, ValueId x, float low, float high) {
  return call.emit(Maximum(), {minimum_with(call, x, high), call.scalar("low", low)}, "clip");
}

// x without its part within [-0.5, 0.5].
ValueId soft_shrink(LayerCall& call, ValueId x) {
  return call.emit(Sub(), {x, clip(call, x, -0.5f, 0.5f)}, "activation");
}

// clip((x + 1) / 2, 0, 1)
ValueId sparse_sigmoid(LayerCall& call, ValueId x) {
  const ValueId shifted = call.emit(Add(), {x, call.scalar("one", 1)}, "add");
  const ValueId halved = call.emit(Mul(), {shifted, call.scalar("half", 0.5f)}, "mul");
  return call.emit(Relu(), {minimum_with(call, halved, 1)}, "activation");
}

// (c + 1)^2 / 4 for c = clip(x, -1, 1), and on from there with slope 1.
ValueId sparse_plus(LayerCall& call, ValueId x) {
  const ValueId one = call.scalar("one", 1);
  const ValueId shifted = call.emit(Add(), {clip(call, x, -1, 1), one}, "add");
  const ValueId square = call.emit(Square(), {shifted}, "square");
  const ValueId bend = call.emit(Mul(), {square, call.scalar("quarter", 0.25f)}, "mul");
  const ValueId beyond = call.emit(Relu(), {call.emit(Sub(), {x, one}, "sub")}, "beyond");
  return call.emit(Add(), {bend, beyond}, "activation");
}

// The first half of the last dimension, gated by the sigmoid of the second.
ValueId glu(LayerCall& call, ValueId x) {
  const int32_t channels = call.size(x, -1);
  const auto rank = call.shape(x).size();
  if (channels % 2 != 0) throw Error(ErrorCode::data, "glu needs an even number of channels");
  auto half = [&](int32_t begin, std::string_view part) {
    std::vector<int32_t> begins(rank, 0);
    std::vector<int32_t> sizes(rank, -1);
    begins.back() = begin;
    sizes.back() = channels / 2;
    return call.emit(Slice(), {x, call.integers("begin", begins), call.integers("size", sizes)},
                     part);
  };
  const ValueId gate = call.emit(Logistic(), {half(channels / 2, "second")}, "gate");
  return call.emit(Mul(), {half(0, "first"), gate}, "activation");
}

struct Function {
  std::string_view name;
  Emit emit;
  bool elementwise = true;
};

constexpr std::array kFunctions = {
    Function{"linear", linear},
    Function{"relu", one<Relu>},
    Function{"relu6", one<Relu6>},
    Function{"leaky_relu", leaky_relu},
    Function{"elu", one<Elu>},
    Function{"celu", one<Elu>},  // with alpha 1, the only one a name can mean
    Function{"selu", selu},
    Function{"gelu", one<Gelu>},
    Function{"sigmoid", one<Logistic>},
    Function{"tanh", one<Tanh>},
    Function{"exponential", one<Exp>},
    Function{"softplus", softplus},
    Function{"softsign", softsign},
    Function{"silu", silu},
    Function{"swish", silu},
    Function{"hard_sigmoid", hard_sigmoid},
    Function{"hard_silu", one<HardSwish>},
    Function{"hard_swish", one<HardSwish>},
    Function{"hard_tanh", one<ReluN1To1>},
    Function{"mish", mish},
    Function{"log_sigmoid", log_sigmoid},
    Function{"squareplus", squareplus},
    Function{"tanh_shrink", tanh_shrink},
    Function{"soft_shrink", soft_shrink},
    Function{"sparse_sigmoid", sparse_sigmoid},
    Function{"sparse_plus", sparse_plus},
    Function{"softmax", one<Softmax>, false},
    Function{"log_softmax", one<LogSoftmax>, false},
    Function{"glu", glu, false},
};

// What training with quantization has wrapped an activation into.
const Json& unwrapped(const Json& activation) {
  const bool wrapped = activation["class_name"].text() == "QuantizeAwareActivation";
  return wrapped ? activation["config"]["activation"] : activation;
}

// The function's name; "linear" for none. Empty for a layer object.
std::string function_name(const Json& activation) {
  if (activation.is_null()) return "linear";
  if (activation.is_string()) return activation.text();
  if (activation["class_name"].text() == "function") return activation["config"].text();
  if (activation["class_name"].text() == "NoOpActivation") return "linear";
  return {};
}

const Function* find_function(const std::string& name) {
  const auto* found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                   [&](const Function& each) { return each.name == name; });
  return found == kFunctions.end() ? nullptr : found;
}

}  // namespace

void check_activation(const Json& given) {
  const Json& activation = unwrapped(given);
  const std::string name = function_name(activation);
  if (find_function(name) != nullptr) return;
  if (!name.empty()) {
    throw Error(ErrorCode::unsupported, "the activation '" + name + "' is not supported");
  }
  const std::string& layer = activation["class_name"].text();
  if (!is_activation_layer(layer)) {
    throw Error(ErrorCode::unsupported, "'" + layer + "' as an activation is not supported");
  }
  check_activation_layer(layer, activation["config"]);
}

bool is_function(const Json& activation, std::string_view name) {
  return function_name(unwrapped(activation)) == name;
}

ValueId emit_activation(LayerCall& call, const Json& given, ValueId x) {
  const Json& activation = unwrapped(given);
  if (const Function* function = find_function(function_name(activation))) {
    return function->emit(call, x);
  }
  return emit_activation_layer(call, activation["class_name"].text(), activation["config"], x);
}

bool is_elementwise(const Json& given) {
  const Json& activation = unwrapped(given);
  const Function* function = find_function(function_name(activation));
  return function != nullptr ? function->elementwise : activation["class_name"].text() != "Softmax";
}

}  // namespace litesmith::keras
