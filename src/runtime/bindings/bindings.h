// The binding function of each op; the list in runtime/binding.cc refers to them.
#pragma once

#include "runtime/binding.h"

namespace litesmith::bindings {

BoundKernel average_pool_2d(const BindContext& context);
BoundKernel conv_2d(const BindContext& context);
BoundKernel depthwise_conv_2d(const BindContext& context);
BoundKernel fully_connected(const BindContext& context);
BoundKernel max_pool_2d(const BindContext& context);
BoundKernel batch_matmul(const BindContext& context);
BoundKernel transpose_conv(const BindContext& context);
BoundKernel copy(const BindContext& context);  // RESHAPE, SQUEEZE, EXPAND_DIMS

BoundKernel broadcast_to(const BindContext& context);
BoundKernel concatenation(const BindContext& context);
BoundKernel gather(const BindContext& context);
BoundKernel mirror_pad(const BindContext& context);
BoundKernel pack(const BindContext& context);
BoundKernel pad(const BindContext& context);
BoundKernel pad_v2(const BindContext& context);
BoundKernel resize_bilinear(const BindContext& context);
BoundKernel resize_nearest_neighbor(const BindContext& context);
BoundKernel shape_of(const BindContext& context);
BoundKernel slice(const BindContext& context);
BoundKernel space_to_depth(const BindContext& context);
BoundKernel depth_to_space(const BindContext& context);
BoundKernel split(const BindContext& context);
BoundKernel split_v(const BindContext& context);
BoundKernel strided_slice(const BindContext& context);
BoundKernel tile(const BindContext& context);
BoundKernel transpose(const BindContext& context);
BoundKernel unpack(const BindContext& context);
// Slices and positions by index.
BoundKernel gather_nd(const BindContext& context);
BoundKernel scatter_nd(const BindContext& context);
BoundKernel embedding_lookup(const BindContext& context);
BoundKernel dynamic_update_slice(const BindContext& context);
BoundKernel arg_max(const BindContext& context);
BoundKernel arg_min(const BindContext& context);
BoundKernel top_k(const BindContext& context);

// State.
BoundKernel read_variable(const BindContext& context);
BoundKernel assign_variable(const BindContext& context);

// Two operands that broadcast.
BoundKernel add(const BindContext& context);
BoundKernel sub(const BindContext& context);
BoundKernel mul(const BindContext& context);
BoundKernel div(const BindContext& context);
BoundKernel maximum(const BindContext& context);
BoundKernel minimum(const BindContext& context);
BoundKernel squared_difference(const BindContext& context);

// Booleans, made and used.
BoundKernel equal(const BindContext& context);
BoundKernel not_equal(const BindContext& context);
BoundKernel less(const BindContext& context);
BoundKernel less_equal(const BindContext& context);
BoundKernel greater(const BindContext& context);
BoundKernel greater_equal(const BindContext& context);
BoundKernel logical_and(const BindContext& context);
BoundKernel logical_or(const BindContext& context);
BoundKernel logical_not(const BindContext& context);
BoundKernel select(const BindContext& context);  // SELECT, SELECT_V2
BoundKernel reduce_any(const BindContext& context);
BoundKernel reduce_all(const BindContext& context);

// Rectifiers.
BoundKernel relu(const BindContext& context);
BoundKernel relu6(const BindContext& context);
BoundKernel relu_n1_to_1(const BindContext& context);
BoundKernel relu_0_to_1(const BindContext& context);
BoundKernel leaky_relu(const BindContext& context);
BoundKernel prelu(const BindContext& context);

// Functions of one number.
BoundKernel logistic(const BindContext& context);
BoundKernel tanh(const BindContext& context);
BoundKernel elu(const BindContext& context);
BoundKernel gelu(const BindContext& context);
BoundKernel exp(const BindContext& context);
BoundKernel log(const BindContext& context);
BoundKernel sqrt(const BindContext& context);
BoundKernel rsqrt(const BindContext& context);
BoundKernel hard_swish(const BindContext& context);
BoundKernel abs(const BindContext& context);
BoundKernel neg(const BindContext& context);
BoundKernel square(const BindContext& context);
BoundKernel floor(const BindContext& context);
BoundKernel ceil(const BindContext& context);
BoundKernel round(const BindContext& context);
BoundKernel sign(const BindContext& context);
BoundKernel sin(const BindContext& context);
BoundKernel cos(const BindContext& context);

// Rows and reductions.
BoundKernel softmax(const BindContext& context);
BoundKernel log_softmax(const BindContext& context);
BoundKernel mean(const BindContext& context);
BoundKernel sum(const BindContext& context);
BoundKernel reduce_max(const BindContext& context);
BoundKernel reduce_min(const BindContext& context);

// Types and scales.
BoundKernel quantize(const BindContext& context);
BoundKernel dequantize(const BindContext& context);
BoundKernel cast(const BindContext& context);

BoundKernel unidirectional_sequence_lstm(const BindContext& context);
BoundKernel lstm_step(const BindContext& context);
BoundKernel svdf(const BindContext& context);
BoundKernel l2_normalization(const BindContext& context);
BoundKernel where(const BindContext& context);
BoundKernel floor_mod(const BindContext& context);
BoundKernel atan2(const BindContext& context);
BoundKernel pow(const BindContext& context);
BoundKernel conv_3d(const BindContext& context);
BoundKernel conv_3d_transpose(const BindContext& context);
BoundKernel segment_sum(const BindContext& context);
BoundKernel fill(const BindContext& context);
BoundKernel zeros_like(const BindContext& context);
BoundKernel one_hot(const BindContext& context);
BoundKernel reverse_v2(const BindContext& context);
BoundKernel floor_div(const BindContext& context);
BoundKernel cumsum(const BindContext& context);
BoundKernel detection_postprocess(const BindContext& context);

// Sound, in integers.
BoundKernel signal_window(const BindContext& context);
BoundKernel signal_fft_auto_scale(const BindContext& context);
BoundKernel signal_rfft(const BindContext& context);
BoundKernel signal_energy(const BindContext& context);
BoundKernel signal_filter_bank(const BindContext& context);
BoundKernel signal_filter_bank_square_root(const BindContext& context);
BoundKernel signal_filter_bank_spectral_subtraction(const BindContext& context);
BoundKernel signal_pcan(const BindContext& context);
BoundKernel signal_filter_bank_log(const BindContext& context);

}  // namespace litesmith::bindings
