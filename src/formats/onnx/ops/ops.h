// The functions behind the list in operators.cc: each builds one ONNX operator.
#pragma once

#include "formats/onnx/call.h"

namespace litesmith::onnx {

// elementwise.cc
void build_add(Call&);
void build_sub(Call&);
void build_mul(Call&);
void build_div(Call&);
void build_pow(Call&);
void build_max(Call&);
void build_min(Call&);
void build_sum(Call&);
void build_mean(Call&);
void build_equal(Call&);
void build_greater(Call&);
void build_greater_or_equal(Call&);
void build_less(Call&);
void build_less_or_equal(Call&);
void build_and(Call&);
void build_or(Call&);
void build_xor(Call&);
void build_where(Call&);
void build_prelu(Call&);

// unary.cc
void build_abs(Call&);
void build_ceil(Call&);
void build_cos(Call&);
void build_exp(Call&);
void build_floor(Call&);
void build_log(Call&);
void build_neg(Call&);
void build_not(Call&);
void build_reciprocal(Call&);
void build_relu(Call&);
void build_round(Call&);
void build_sigmoid(Call&);
void build_sign(Call&);
void build_sin(Call&);
void build_sqrt(Call&);
void build_tanh(Call&);
void build_identity(Call&);
void build_dropout(Call&);
void build_cast(Call&);
void build_cast_like(Call&);

// activations.cc
void build_celu(Call&);
void build_clip(Call&);
void build_elu(Call&);
void build_erf(Call&);
void build_gelu(Call&);
void build_hard_sigmoid(Call&);
void build_hard_swish(Call&);
void build_leaky_relu(Call&);
void build_mish(Call&);
void build_selu(Call&);
void build_softplus(Call&);
void build_softsign(Call&);
void build_swish(Call&);
void build_thresholded_relu(Call&);
void build_softmax(Call&);
void build_log_softmax(Call&);

// convolution.cc, transposed_convolution.cc
void build_conv(Call&);
void build_conv_transpose(Call&);

// pooling.cc
void build_max_pool(Call&);
void build_average_pool(Call&);
void build_global_average_pool(Call&);
void build_global_max_pool(Call&);

// reduce.cc
void build_reduce_mean(Call&);
void build_reduce_sum(Call&);
void build_reduce_max(Call&);
void build_reduce_min(Call&);
void build_reduce_l1(Call&);
void build_reduce_l2(Call&);
void build_reduce_log_sum(Call&);
void build_reduce_log_sum_exp(Call&);
void build_reduce_sum_square(Call&);
void build_arg_max(Call&);
void build_arg_min(Call&);

// matrix.cc
void build_gemm(Call&);
void build_mat_mul(Call&);

// normalization.cc
void build_batch_normalization(Call&);
void build_instance_normalization(Call&);
void build_layer_normalization(Call&);
void build_lp_normalization(Call&);

// shape.cc
void build_constant(Call&);
void build_constant_of_shape(Call&);
void build_expand(Call&);
void build_flatten(Call&);
void build_range(Call&);
void build_reshape(Call&);
void build_shape(Call&);
void build_size(Call&);
void build_squeeze(Call&);
void build_transpose(Call&);
void build_unsqueeze(Call&);

// arrange.cc
void build_concat(Call&);
void build_depth_to_space(Call&);
void build_gather_nd(Call&);
void build_gather(Call&);
void build_pad(Call&);
void build_slice(Call&);
void build_space_to_depth(Call&);
void build_split(Call&);
void build_top_k(Call&);
void build_tile(Call&);

// quantization.cc
void build_quantize_linear(Call&);
void build_dequantize_linear(Call&);

// recurrent.cc
void build_gru(Call&);
void build_lstm(Call&);
void build_rnn(Call&);

// resize.cc
void build_resize(Call&);
void build_upsample(Call&);

}  // namespace litesmith::onnx
