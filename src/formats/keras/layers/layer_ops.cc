// Held against files made of each layer by tests/interop/test_operators_page.py.
#include "formats/keras/layers/layer_ops.h"

#include <array>

namespace litesmith::keras {

std::span<const compose::Becomes> all_layer_ops() {
  static constexpr auto kOps = std::to_array<compose::Becomes>({
      {"Activation",
       "ABS ADD DIV ELU EXP GELU HARD_SWISH LEAKY_RELU LOG LOGISTIC LOG_SOFTMAX MINIMUM "
       "MUL RELU RELU6 SOFTMAX TANH"},
      {"Add", "ADD"},
      {"Attention", "ADD BATCH_MATMUL MUL SOFTMAX"},
      {"Average", "ADD MUL"},
      {"AveragePooling1D", "AVERAGE_POOL_2D EXPAND_DIMS RESHAPE"},
      {"AveragePooling2D", "AVERAGE_POOL_2D"},
      {"BatchNormalization", "ADD MUL"},
      {"Bidirectional", "ADD CONCATENATION MUL STRIDED_SLICE UNIDIRECTIONAL_SEQUENCE_LSTM"},
      {"Concatenate", "CONCATENATION"},
      {"Conv1D", "CONV_2D EXPAND_DIMS PAD RESHAPE"},
      {"Conv1DTranspose", "RESHAPE TRANSPOSE_CONV"},
      {"Conv2D", "CONV_2D"},
      {"Conv2DTranspose", "TRANSPOSE_CONV"},
      {"Conv3D", "ADD CONV_3D"},
      {"Cropping1D", "STRIDED_SLICE"},
      {"Cropping2D", "STRIDED_SLICE"},
      {"Dense", "FULLY_CONNECTED"},
      {"DepthwiseConv1D", "DEPTHWISE_CONV_2D EXPAND_DIMS RESHAPE"},
      {"DepthwiseConv2D", "DEPTHWISE_CONV_2D"},
      {"Dot", "BATCH_MATMUL EXPAND_DIMS MINIMUM MUL RESHAPE RSQRT SQUARE SUM"},
      {"ELU", "ADD ELU MINIMUM MUL RELU"},
      {"EinsumDense", "FULLY_CONNECTED RESHAPE"},
      {"Embedding", "CAST GATHER"},
      {"Flatten", "RESHAPE"},
      {"GRU", "ADD FULLY_CONNECTED LOGISTIC MUL PACK SPLIT SPLIT_V SUB TANH UNPACK"},
      {"GlobalAveragePooling1D", "MEAN"},
      {"GlobalAveragePooling2D", "MEAN"},
      {"GlobalMaxPooling1D", "REDUCE_MAX"},
      {"GlobalMaxPooling2D", "REDUCE_MAX"},
      {"GroupNormalization", "ADD MEAN MUL RESHAPE RSQRT SUB"},
      {"LSTM",
       "ADD FULLY_CONNECTED LOGISTIC MUL PACK SPLIT STRIDED_SLICE TANH "
       "UNIDIRECTIONAL_SEQUENCE_LSTM UNPACK"},
      {"LayerNormalization", "ADD MEAN MUL RSQRT SUB"},
      {"LeakyReLU", "LEAKY_RELU"},
      {"Masking", "NOT_EQUAL REDUCE_ANY SELECT_V2"},
      {"MaxPooling1D", "EXPAND_DIMS MAX_POOL_2D RESHAPE"},
      {"MaxPooling2D", "MAX_POOL_2D"},
      {"Maximum", "MAXIMUM"},
      {"Minimum", "MINIMUM"},
      {"MultiHeadAttention", "ADD BATCH_MATMUL FULLY_CONNECTED RESHAPE SOFTMAX TRANSPOSE"},
      {"Multiply", "MUL"},
      {"Normalization", "MUL SUB"},
      {"PReLU", "PRELU"},
      {"Permute", "TRANSPOSE"},
      {"ReLU", "LEAKY_RELU MINIMUM RELU RELU6 RELU_0_TO_1"},
      {"RepeatVector", "RESHAPE TILE"},
      {"Rescaling", "ADD MUL"},
      {"Reshape", "RESHAPE"},
      {"Resizing", "RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR"},
      {"SeparableConv1D", "CONV_2D DEPTHWISE_CONV_2D EXPAND_DIMS RESHAPE"},
      {"SeparableConv2D", "CONV_2D DEPTHWISE_CONV_2D"},
      {"SimpleRNN", "ADD FULLY_CONNECTED PACK TANH UNPACK"},
      {"Softmax", "SOFTMAX"},
      {"Subtract", "SUB"},
      {"TimeDistributed", "RESHAPE"},
      {"UnitNormalization", "MINIMUM MUL RSQRT SQUARE SUM"},
      {"UpSampling1D", "EXPAND_DIMS RESHAPE RESIZE_NEAREST_NEIGHBOR"},
      {"UpSampling2D", "RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR"},
      {"ZeroPadding1D", "PAD"},
      {"ZeroPadding2D", "PAD"},
  });
  return kOps;
}

}  // namespace litesmith::keras
