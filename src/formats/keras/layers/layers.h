// The builders of every layer litesmith imports, by family; layers.cc lists them.
#pragma once

#include <vector>

#include "formats/keras/layer.h"

namespace litesmith::keras {

// activation_layers.cc
ValueId build_activation(LayerCall& call);
ValueId build_relu(LayerCall& call);
ValueId build_leaky_relu(LayerCall& call);
ValueId build_elu(LayerCall& call);
ValueId build_softmax(LayerCall& call);
ValueId build_prelu(LayerCall& call);
std::vector<Variable> prelu_variables(const Json& config);

// attention.cc
ValueId build_multi_head_attention(LayerCall& call);
std::vector<Variable> attention_variables(const Json& config);
void check_multi_head_attention(const Json& config);
ValueId build_attention(LayerCall& call);
std::vector<Variable> dot_attention_variables(const Json& config);
void check_dot_attention(const Json& config);

// convolution.cc
ValueId build_conv1d(LayerCall& call);
ValueId build_conv2d(LayerCall& call);
std::vector<Variable> kernel_and_bias(const Json& config);
void check_convolution(const Json& config);
ValueId build_conv3d(LayerCall& call);
void check_conv3d(const Json& config);

// depthwise.cc
ValueId build_depthwise_conv1d(LayerCall& call);
ValueId build_depthwise_conv2d(LayerCall& call);
ValueId build_separable_conv1d(LayerCall& call);
ValueId build_separable_conv2d(LayerCall& call);
std::vector<Variable> separable_variables(const Json& config);

// dense.cc
ValueId build_dense(LayerCall& call);

// dot.cc
ValueId build_dot(LayerCall& call);
void check_dot(const Json& config);

// dropout.cc
ValueId build_identity(LayerCall& call);

// einsum_dense.cc
ValueId build_einsum_dense(LayerCall& call);
std::vector<Variable> einsum_dense_variables(const Json& config);
void check_einsum_dense(const Json& config);

// masking.cc
ValueId build_masking(LayerCall& call);

// merging.cc
ValueId build_add(LayerCall& call);
ValueId build_subtract(LayerCall& call);
ValueId build_multiply(LayerCall& call);
ValueId build_average(LayerCall& call);
ValueId build_maximum(LayerCall& call);
ValueId build_minimum(LayerCall& call);
ValueId build_concatenate(LayerCall& call);

// normalization.cc
ValueId build_batch_normalization(LayerCall& call);
std::vector<Variable> batch_normalization_variables(const Json& config);
void check_batch_normalization(const Json& config);
ValueId build_group_normalization(LayerCall& call);
ValueId build_layer_normalization(LayerCall& call);
std::vector<Variable> layer_normalization_variables(const Json& config);
void check_layer_normalization(const Json& config);
ValueId build_unit_normalization(LayerCall& call);

// pooling.cc
ValueId build_max_pooling1d(LayerCall& call);
ValueId build_max_pooling2d(LayerCall& call);
ValueId build_average_pooling1d(LayerCall& call);
ValueId build_average_pooling2d(LayerCall& call);
ValueId build_global_average_pooling1d(LayerCall& call);
ValueId build_global_average_pooling2d(LayerCall& call);
ValueId build_global_max_pooling1d(LayerCall& call);
ValueId build_global_max_pooling2d(LayerCall& call);
void check_pooling(const Json& config);

// preprocessing.cc
ValueId build_rescaling(LayerCall& call);
ValueId build_normalization(LayerCall& call);
std::vector<Variable> normalization_variables(const Json& config);

// reshaping.cc
ValueId build_flatten(LayerCall& call);
ValueId build_reshape(LayerCall& call);
ValueId build_permute(LayerCall& call);
ValueId build_repeat_vector(LayerCall& call);

// recurrent.cc
ValueId build_lstm(LayerCall& call);
ValueId build_gru(LayerCall& call);
ValueId build_simple_rnn(LayerCall& call);
ValueId build_bidirectional(LayerCall& call);
std::vector<Variable> recurrent_variables(const Json& config);
void check_lstm(const Json& config);
void check_unrolled(const Json& config);
void check_bidirectional(const Json& config);
bool lstm_fixes_batch(const Json& config);

// sequence.cc
ValueId build_embedding(LayerCall& call);
std::vector<Variable> embedding_variables(const Json& config);
ValueId build_time_distributed(LayerCall& call);

// spatial.cc
ValueId build_zero_padding1d(LayerCall& call);
ValueId build_zero_padding2d(LayerCall& call);
ValueId build_cropping1d(LayerCall& call);
ValueId build_cropping2d(LayerCall& call);
ValueId build_up_sampling1d(LayerCall& call);
ValueId build_up_sampling2d(LayerCall& call);
void check_up_sampling(const Json& config);
ValueId build_resizing(LayerCall& call);
void check_resizing(const Json& config);

// transposed_convolution.cc
ValueId build_conv1d_transpose(LayerCall& call);
ValueId build_conv2d_transpose(LayerCall& call);
void check_transposed_convolution(const Json& config);
bool fixes_batch_always(const Json& config);

// wrappers.cc
ValueId build_training_wrapper(LayerCall& call);
ValueId build_quantize_wrapper(LayerCall& call);
std::vector<Variable> quantize_layer_variables(const Json& config);
ValueId build_quantize_layer(LayerCall& call);

}  // namespace litesmith::keras
