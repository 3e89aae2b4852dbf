#include "formats/keras/layers/activation_layers.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/error.h"
#include "formats/compose/exponential_unit.h"
#include "formats/keras/activations.h"
#include "formats/keras/layers/layers.h"
#include "ops/activation_layers.h"
#include "ops/arrange.h"
#include "ops/binary.h"
#include "ops/reduce.h"
#include "ops/softmax.h"
#include "ops/unary.h"

namespace litesmith::keras {
namespace {

ValueId leaky(LayerCall& call, ValueId x, double slope) {
  LeakyRelu op;
  op.alpha = static_cast<float>(slope);
  return call.emit(op, {x}, "activation");
}

void check_relu(const Json& config) {
  if (config.number("threshold", 0) != 0) {
    throw Error(ErrorCode::unsupported, "a ReLU with a threshold is not supported");
  }
}

// keras.activations.relu: clipped above at max_value, with negative_slope below zero.
ValueId emit_relu(LayerCall& call, const Json& config, ValueId x) {
  const double slope = config.number("negative_slope", 0);
  const bool limited = !config["max_value"].is_null();
  if (slope != 0 && !limited) return leaky(call, x, slope);
  ValueId positive;
  if (limited && config.number("max_value") == 6) {
    positive = call.emit(Relu6(), {x}, "activation");
  } else {
    positive = call.emit(Relu(), {x}, "activation");
    if (limited) {
      const auto limit = static_cast<float>(config.number("max_value"));
      positive = call.emit(Minimum(), {positive, call.scalar("max_value", limit)}, "minimum");
    }
  }
  if (slope == 0) return positive;
  const ValueId negative = call.emit(Relu(), {call.emit(Neg(), {x}, "neg")}, "negative");
  const ValueId scaled = call.emit(
      Mul(), {negative, call.scalar("negative_slope", static_cast<float>(slope))}, "scaled");
  return call.emit(Sub(), {positive, scaled}, "sum");
}

ValueId emit_leaky_relu(LayerCall& call, const Json& config, ValueId x) {
  // Keras 2 called it alpha.
  return leaky(call, x, config.number("negative_slope", config.number("alpha", 0.3)));
}

ValueId emit_elu(LayerCall& call, const Json& config, ValueId x) {
  // Keras 3.0 to 3.11 left alpha out of the file, whatever it was; 1 is the default.
  compose::Composer composer = call.composer();
  return compose::exponential_unit(composer, x, static_cast<float>(config.number("alpha", 1)));
}

// Over several axes at once there is no operator; with the largest taken off, so that none
// overflows.
ValueId emit_softmax_over(LayerCall& call, ValueId x, const std::vector<int32_t>& axes) {
  const ValueId where = call.integers("axes", axes);
  ReduceMax largest_op;
  largest_op.keep_dims = true;
  const ValueId largest = call.emit(largest_op, {x, where}, "largest");
  const ValueId exponential =
      call.emit(Exp(), {call.emit(Sub(), {x, largest}, "shifted")}, "exponential");
  Sum sum_op;
  sum_op.keep_dims = true;
  const ValueId sum = call.emit(sum_op, {exponential, where}, "total");
  return call.emit(Div(), {exponential, sum}, "softmax");
}

ValueId emit_softmax(LayerCall& call, const Json& config, ValueId x) {
  const size_t rank = call.shape(x).size();
  const Json& axis = config["axis"];
  std::vector<int32_t> axes;
  if (axis.is_array()) {
    for (const Json& each : axis.items()) {
      axes.push_back(normalize_axis(to_integer(each, "axis"), rank));
    }
  } else {
    axes.push_back(normalize_axis(config.integer("axis", -1), rank));
  }
  if (axes.size() != 1) return emit_softmax_over(call, x, axes);
  const auto chosen = static_cast<size_t>(axes.front());
  if (chosen + 1 == rank) return call.emit(Softmax(), {x}, "softmax");
  // SOFTMAX runs along the last dimension: swap the two, there and back.
  std::vector<int32_t> swap(rank);
  std::iota(swap.begin(), swap.end(), 0);
  std::swap(swap[chosen], swap[rank - 1]);
  const ValueId permutation = call.integers("swap", swap);
  const ValueId swapped = call.emit(Transpose(), {x, permutation}, "swapped");
  const ValueId result = call.emit(Softmax(), {swapped}, "softmax");
  return call.emit(Transpose(), {result, permutation}, "swapped_back");
}

struct ActivationLayer {
  std::string_view class_name;
  ValueId (*emit)(LayerCall&, const Json& config, ValueId x);
  void (*check)(const Json& config) = nullptr;
};

constexpr std::array kActivationLayers = {
    ActivationLayer{"ReLU", emit_relu, check_relu},
    ActivationLayer{"LeakyReLU", emit_leaky_relu},
    ActivationLayer{"ELU", emit_elu},
    ActivationLayer{"Softmax", emit_softmax},
};

const ActivationLayer* find(std::string_view class_name) {
  const auto* found =
      std::find_if(kActivationLayers.begin(), kActivationLayers.end(),
                   [&](const ActivationLayer& each) { return each.class_name == class_name; });
  return found == kActivationLayers.end() ? nullptr : found;
}

}  // namespace

bool is_activation_layer(std::string_view class_name) { return find(class_name) != nullptr; }

void check_activation_layer(std::string_view class_name, const Json& config) {
  const ActivationLayer* layer = find(class_name);
  if (layer != nullptr && layer->check != nullptr) layer->check(config);
}

ValueId emit_activation_layer(LayerCall& call, std::string_view class_name, const Json& config,
                              ValueId x) {
  const ActivationLayer* layer = find(class_name);
  check(layer != nullptr, "an activation layer that was not checked");
  return layer->emit(call, config, x);
}

ValueId build_activation(LayerCall& call) {
  return emit_activation(call, call.config()["activation"], call.input());
}

ValueId build_relu(LayerCall& call) { return emit_relu(call, call.config(), call.input()); }

ValueId build_leaky_relu(LayerCall& call) {
  return emit_leaky_relu(call, call.config(), call.input());
}

ValueId build_elu(LayerCall& call) { return emit_elu(call, call.config(), call.input()); }

ValueId build_softmax(LayerCall& call) { return emit_softmax(call, call.config(), call.input()); }

std::vector<Variable> prelu_variables(const Json&) { return {{"alpha"}}; }

// Alpha has the input's shape without the batch, 1 along shared axes.
ValueId build_prelu(LayerCall& call) {
  const ValueId x = call.input();
  const ValueId alpha = call.constant(
      "alpha", [&] { return call.weight("alpha", Shape(call.shape(x).size() - 1, kDynamic)); });
  return call.emit(Prelu(), {x, alpha}, "activation");
}

}  // namespace litesmith::keras
