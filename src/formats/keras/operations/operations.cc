// The functions litesmith imports, by the names of Keras 3's classes and of TensorFlow's functions.
#include "formats/keras/operations/operations.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/error.h"

namespace litesmith::keras {
namespace {

// In the order of the names.
constexpr std::array kOperations = {
    LayerDef{"Abs", build_op_absolute},
    LayerDef{"Absolute", build_op_absolute},
    LayerDef{"Add", build_op_add},
    LayerDef{"All", build_op_all},
    LayerDef{"Amax", build_op_max},
    LayerDef{"Amin", build_op_min},
    LayerDef{"Any", build_op_any},
    LayerDef{"Argmax", build_op_argmax},
    LayerDef{"Argmin", build_op_argmin},
    LayerDef{"Cast", build_op_cast},
    LayerDef{"Ceil", build_op_ceil},
    LayerDef{"Celu", build_op_celu},
    LayerDef{"Clip", build_op_clip},
    LayerDef{"Concatenate", build_op_concatenate},
    LayerDef{"Cos", build_op_cos},
    LayerDef{"Divide", build_op_divide},
    LayerDef{"Elu", build_op_elu},
    LayerDef{"ConvertToTensor", build_op_identity},
    LayerDef{"Equal", build_op_equal},
    LayerDef{"Exp", build_op_exp},
    LayerDef{"ExpandDims", build_op_expand_dims},
    LayerDef{"Expm1", build_op_expm1},
    LayerDef{"Flip", build_op_flip},
    LayerDef{"Floor", build_op_floor},
    LayerDef{"Gelu", build_op_gelu},
    LayerDef{"GetItem", build_op_get_item},
    LayerDef{"Glu", build_op_activation},
    LayerDef{"Greater", build_op_greater},
    LayerDef{"GreaterEqual", build_op_greater_equal},
    LayerDef{"HardSigmoid", build_op_activation},
    LayerDef{"HardSilu", build_op_activation},
    LayerDef{"HardTanh", build_op_activation},
    LayerDef{"Identity", build_op_identity},
    LayerDef{"LeakyRelu", build_op_leaky_relu},
    LayerDef{"Less", build_op_less},
    LayerDef{"LessEqual", build_op_less_equal},
    LayerDef{"Log", build_op_log},
    LayerDef{"Log1p", build_op_log1p},
    LayerDef{"LogSigmoid", build_op_activation},
    LayerDef{"LogSoftmax", build_op_activation},
    LayerDef{"LogicalAnd", build_op_and},
    LayerDef{"LogicalNot", build_op_not},
    LayerDef{"LogicalOr", build_op_or},
    LayerDef{"Matmul", build_op_matmul},
    LayerDef{"Max", build_op_max},
    LayerDef{"Maximum", build_op_maximum},
    LayerDef{"Mean", build_op_mean},
    LayerDef{"Min", build_op_min},
    LayerDef{"Minimum", build_op_minimum},
    LayerDef{"Mish", build_op_activation},
    LayerDef{"Moveaxis", build_op_move_axis},
    LayerDef{"Multiply", build_op_multiply},
    LayerDef{"Negative", build_op_negative},
    LayerDef{"NotEqual", build_op_not_equal},
    LayerDef{"Pad", build_op_pad},
    LayerDef{"Power", build_op_power},
    LayerDef{"Reciprocal", build_op_reciprocal},
    LayerDef{"Relu", build_op_activation},
    LayerDef{"Relu6", build_op_activation},
    LayerDef{"Repeat", build_op_repeat},
    LayerDef{"Reshape", build_op_reshape},
    LayerDef{"Round", build_op_round},
    LayerDef{"Rsqrt", build_op_rsqrt},
    LayerDef{"Selu", build_op_activation},
    LayerDef{"Sigmoid", build_op_activation},
    LayerDef{"Sign", build_op_sign},
    LayerDef{"Silu", build_op_activation},
    LayerDef{"Sin", build_op_sin},
    LayerDef{"Softmax", build_op_softmax},
    LayerDef{"Softplus", build_op_activation},
    LayerDef{"Softsign", build_op_activation},
    LayerDef{"Split", build_op_split},
    LayerDef{"Sqrt", build_op_sqrt},
    LayerDef{"Square", build_op_square},
    LayerDef{"Squeeze", build_op_squeeze},
    LayerDef{"Stack", build_op_stack},
    LayerDef{"Std", build_op_deviation},
    LayerDef{"StopGradient", build_op_identity},
    LayerDef{"Subtract", build_op_subtract},
    LayerDef{"Sum", build_op_sum},
    LayerDef{"Swapaxes", build_op_swap_axes},
    LayerDef{"Take", build_op_take},
    LayerDef{"Tanh", build_op_activation},
    LayerDef{"Tile", build_op_tile},
    LayerDef{"Transpose", build_op_transpose},
    LayerDef{"TrueDivide", build_op_divide},
    LayerDef{"Var", build_op_variance},
    LayerDef{"Where", build_op_where},
    LayerDef{"ZerosLike", build_op_zeros_like},
};

struct TfFunction {
  std::string_view name;
  std::string_view operation;
};

// Python's operators arrive as __operators__.add or as math.add, by TensorFlow's version.
constexpr std::array kTfFunctions = {
    TfFunction{"__operators__.add", "Add"},
    TfFunction{"cast", "Cast"},
    TfFunction{"clip_by_value", "Clip"},
    TfFunction{"concat", "Concatenate"},
    TfFunction{"expand_dims", "ExpandDims"},
    TfFunction{"identity", "Identity"},
    TfFunction{"linalg.matmul", "Matmul"},
    TfFunction{"math.abs", "Abs"},
    TfFunction{"math.add", "Add"},
    TfFunction{"math.divide", "Divide"},
    TfFunction{"math.exp", "Exp"},
    TfFunction{"math.log", "Log"},
    TfFunction{"math.maximum", "Maximum"},
    TfFunction{"math.minimum", "Minimum"},
    TfFunction{"math.multiply", "Multiply"},
    TfFunction{"math.negative", "Negative"},
    TfFunction{"math.pow", "Power"},
    TfFunction{"math.reduce_max", "Max"},
    TfFunction{"math.reduce_mean", "Mean"},
    TfFunction{"math.reduce_min", "Min"},
    TfFunction{"math.reduce_std", "Std"},
    TfFunction{"math.reduce_sum", "Sum"},
    TfFunction{"math.reduce_variance", "Var"},
    TfFunction{"math.rsqrt", "Rsqrt"},
    TfFunction{"math.sigmoid", "Sigmoid"},
    TfFunction{"math.softplus", "Softplus"},
    TfFunction{"math.sqrt", "Sqrt"},
    TfFunction{"math.square", "Square"},
    TfFunction{"math.subtract", "Subtract"},
    TfFunction{"math.tanh", "Tanh"},
    TfFunction{"math.truediv", "Divide"},
    TfFunction{"nn.elu", "Elu"},
    TfFunction{"nn.leaky_relu", "LeakyRelu"},
    TfFunction{"nn.log_softmax", "LogSoftmax"},
    TfFunction{"nn.relu", "Relu"},
    TfFunction{"nn.relu6", "Relu6"},
    TfFunction{"nn.selu", "Selu"},
    TfFunction{"nn.sigmoid", "Sigmoid"},
    TfFunction{"nn.silu", "Silu"},
    TfFunction{"nn.softmax", "Softmax"},
    TfFunction{"nn.softplus", "Softplus"},
    TfFunction{"nn.swish", "Silu"},
    TfFunction{"nn.tanh", "Tanh"},
    TfFunction{"pad", "Pad"},
    TfFunction{"reshape", "Reshape"},
    TfFunction{"reverse", "Flip"},
    TfFunction{"split", "Split"},
    TfFunction{"squeeze", "Squeeze"},
    TfFunction{"stack", "Stack"},
    TfFunction{"tile", "Tile"},
    TfFunction{"transpose", "Transpose"},
};

std::string_view operation_of(const Json& config) {
  constexpr std::string_view kOldName = "compat.v1.";  // of tf.transpose, for one
  const std::string& full = config["function"].text();
  const std::string function = full.starts_with(kOldName) ? full.substr(kOldName.size()) : full;
  const auto* found = std::find_if(kTfFunctions.begin(), kTfFunctions.end(),
                                   [&](const TfFunction& each) { return each.name == function; });
  if (found == kTfFunctions.end()) {
    throw Error(ErrorCode::unsupported, "the function tf." + function + " is not supported");
  }
  return found->operation;
}

}  // namespace

const LayerDef* find_operation(std::string_view class_name) {
  const auto* found =
      std::find_if(kOperations.begin(), kOperations.end(),
                   [&](const LayerDef& each) { return each.class_name == class_name; });
  return found == kOperations.end() ? nullptr : found;
}

std::string_view operation_name(const LayerCall& call) {
  const Json& config = call.config();
  return config["function"].is_string() ? operation_of(config) : call.class_name();
}

void check_tf_function(const Json& config) { static_cast<void>(operation_of(config)); }

ValueId build_tf_function(LayerCall& call) {
  const ValueId result = find_operation(operation_of(call.config()))->build(call);
  // What nobody has read could only be ignored.
  for (const Argument& argument : call.arguments()) {
    const Json& value = *argument.value;
    const bool means_nothing = value.is_null() || (value.is_bool() && !value.truth());
    if (argument.name.empty() || argument.name == "name" || argument.tensor_count > 0) continue;
    if (!means_nothing && !call.was_read(argument)) {
      throw Error(ErrorCode::unsupported, "its argument '" + argument.name + "' is not supported");
    }
  }
  return result;
}

ValueId build_tf_slice(LayerCall& call) { return build_op_get_item(call); }

}  // namespace litesmith::keras
