// Functions between layers (x * 2, keras.ops.mean(x)), which Keras 3 keeps as operations and
// TF-Keras as layers of class TFOpLambda and SlicingOpLambda.
#pragma once

#include <string_view>

#include "formats/keras/layer.h"

namespace litesmith::keras {

// Null for an operation of Keras 3 that litesmith does not know.
const LayerDef* find_operation(std::string_view class_name);
// What Keras 3 calls the class of the operation that is called.
std::string_view operation_name(const LayerCall& call);

// TFOpLambda: the function that the configuration names.
ValueId build_tf_function(LayerCall& call);
void check_tf_function(const Json& config);
// SlicingOpLambda: x[...]
ValueId build_tf_slice(LayerCall& call);

// elementwise.cc
ValueId build_op_add(LayerCall& call);
ValueId build_op_subtract(LayerCall& call);
ValueId build_op_multiply(LayerCall& call);
ValueId build_op_divide(LayerCall& call);
ValueId build_op_maximum(LayerCall& call);
ValueId build_op_minimum(LayerCall& call);
ValueId build_op_power(LayerCall& call);
ValueId build_op_equal(LayerCall& call);
ValueId build_op_not_equal(LayerCall& call);
ValueId build_op_less(LayerCall& call);
ValueId build_op_less_equal(LayerCall& call);
ValueId build_op_greater(LayerCall& call);
ValueId build_op_greater_equal(LayerCall& call);
ValueId build_op_and(LayerCall& call);
ValueId build_op_or(LayerCall& call);
ValueId build_op_not(LayerCall& call);
ValueId build_op_where(LayerCall& call);
ValueId build_op_clip(LayerCall& call);
ValueId build_op_cast(LayerCall& call);
ValueId build_op_absolute(LayerCall& call);
ValueId build_op_zeros_like(LayerCall& call);
ValueId build_op_negative(LayerCall& call);
ValueId build_op_square(LayerCall& call);
ValueId build_op_sqrt(LayerCall& call);
ValueId build_op_rsqrt(LayerCall& call);
ValueId build_op_reciprocal(LayerCall& call);
ValueId build_op_exp(LayerCall& call);
ValueId build_op_expm1(LayerCall& call);
ValueId build_op_log(LayerCall& call);
ValueId build_op_log1p(LayerCall& call);
ValueId build_op_sin(LayerCall& call);
ValueId build_op_cos(LayerCall& call);
ValueId build_op_floor(LayerCall& call);
ValueId build_op_ceil(LayerCall& call);
ValueId build_op_round(LayerCall& call);
ValueId build_op_sign(LayerCall& call);
ValueId build_op_identity(LayerCall& call);
ValueId build_op_gelu(LayerCall& call);
ValueId build_op_leaky_relu(LayerCall& call);
ValueId build_op_elu(LayerCall& call);
ValueId build_op_celu(LayerCall& call);
ValueId build_op_softmax(LayerCall& call);
// The activation function that the operation is named after.
ValueId build_op_activation(LayerCall& call);

// reduction.cc
ValueId build_op_mean(LayerCall& call);
ValueId build_op_sum(LayerCall& call);
ValueId build_op_max(LayerCall& call);
ValueId build_op_any(LayerCall& call);
ValueId build_op_all(LayerCall& call);
ValueId build_op_min(LayerCall& call);
ValueId build_op_variance(LayerCall& call);
ValueId build_op_deviation(LayerCall& call);
ValueId build_op_argmax(LayerCall& call);
ValueId build_op_argmin(LayerCall& call);
ValueId build_op_matmul(LayerCall& call);

// movement.cc
ValueId build_op_reshape(LayerCall& call);
ValueId build_op_transpose(LayerCall& call);
ValueId build_op_swap_axes(LayerCall& call);
ValueId build_op_move_axis(LayerCall& call);
ValueId build_op_concatenate(LayerCall& call);
ValueId build_op_stack(LayerCall& call);
ValueId build_op_split(LayerCall& call);
ValueId build_op_expand_dims(LayerCall& call);
ValueId build_op_squeeze(LayerCall& call);
ValueId build_op_get_item(LayerCall& call);
ValueId build_op_pad(LayerCall& call);
ValueId build_op_flip(LayerCall& call);
ValueId build_op_repeat(LayerCall& call);
ValueId build_op_tile(LayerCall& call);
ValueId build_op_take(LayerCall& call);

}  // namespace litesmith::keras
