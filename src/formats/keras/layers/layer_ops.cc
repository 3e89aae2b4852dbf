// Held against files made of each layer by tests/interop/test_operators_page.py.
#include "formats/keras/layers/layer_ops.h"

#include <array>

namespace litesmith::keras {

std::span<const LayerOps> all_layer_ops() {
  static constexpr std::array kOps = {
      LayerOps{"Activation",
               "ABS ADD DIV ELU EXP GELU HARD_SWISH LEAKY_RELU LOG LOGISTIC LOG_SOFTMAX MINIMUM "
               "MUL RELU RELU6 SOFTMAX TANH"},
      LayerOps{"Add", "ADD"},
      LayerOps{"Attention", "ADD BATCH_MATMUL MUL SOFTMAX"},
      LayerOps{"Average", "ADD MUL"},
      LayerOps{"AveragePooling1D", "AVERAGE_POOL_2D EXPAND_DIMS RESHAPE"},
      LayerOps{"AveragePooling2D", "AVERAGE_POOL_2D"},
      LayerOps{"BatchNormalization", "ADD MUL"},
      LayerOps{"Bidirectional", "ADD CONCATENATION MUL STRIDED_SLICE UNIDIRECTIONAL_SEQUENCE_LSTM"},
      LayerOps{"Concatenate", "CONCATENATION"},
      LayerOps{"Conv1D", "CONV_2D EXPAND_DIMS PAD RESHAPE"},
      LayerOps{"Conv1DTranspose", "RESHAPE TRANSPOSE_CONV"},
      LayerOps{"Conv2D", "CONV_2D"},
      LayerOps{"Conv2DTranspose", "TRANSPOSE_CONV"},
      LayerOps{"Conv3D", "ADD CONV_3D"},
      LayerOps{"Cropping1D", "STRIDED_SLICE"},
      LayerOps{"Cropping2D", "STRIDED_SLICE"},
      LayerOps{"Dense", "FULLY_CONNECTED"},
      LayerOps{"DepthwiseConv1D", "DEPTHWISE_CONV_2D EXPAND_DIMS RESHAPE"},
      LayerOps{"DepthwiseConv2D", "DEPTHWISE_CONV_2D"},
      LayerOps{"ELU", "ADD ELU MINIMUM MUL RELU"},
      LayerOps{"Embedding", "CAST GATHER"},
      LayerOps{"Flatten", "RESHAPE"},
      LayerOps{"GRU", "ADD FULLY_CONNECTED LOGISTIC MUL PACK SPLIT SPLIT_V SUB TANH UNPACK"},
      LayerOps{"GlobalAveragePooling1D", "MEAN"},
      LayerOps{"GlobalAveragePooling2D", "MEAN"},
      LayerOps{"GlobalMaxPooling1D", "REDUCE_MAX"},
      LayerOps{"GlobalMaxPooling2D", "REDUCE_MAX"},
      LayerOps{"LSTM",
               "ADD FULLY_CONNECTED LOGISTIC MUL PACK SPLIT STRIDED_SLICE TANH "
               "UNIDIRECTIONAL_SEQUENCE_LSTM UNPACK"},
      LayerOps{"LayerNormalization", "ADD MEAN MUL RSQRT SUB"},
      LayerOps{"LeakyReLU", "LEAKY_RELU"},
      LayerOps{"MaxPooling1D", "EXPAND_DIMS MAX_POOL_2D RESHAPE"},
      LayerOps{"MaxPooling2D", "MAX_POOL_2D"},
      LayerOps{"Maximum", "MAXIMUM"},
      LayerOps{"Minimum", "MINIMUM"},
      LayerOps{"MultiHeadAttention", "ADD BATCH_MATMUL FULLY_CONNECTED RESHAPE SOFTMAX TRANSPOSE"},
      LayerOps{"Multiply", "MUL"},
      LayerOps{"Normalization", "MUL SUB"},
      LayerOps{"PReLU", "PRELU"},
      LayerOps{"Permute", "TRANSPOSE"},
      LayerOps{"ReLU", "LEAKY_RELU MINIMUM RELU RELU6 RELU_0_TO_1"},
      LayerOps{"RepeatVector", "RESHAPE TILE"},
      LayerOps{"Rescaling", "ADD MUL"},
      LayerOps{"Reshape", "RESHAPE"},
      LayerOps{"SeparableConv1D", "CONV_2D DEPTHWISE_CONV_2D EXPAND_DIMS RESHAPE"},
      LayerOps{"SeparableConv2D", "CONV_2D DEPTHWISE_CONV_2D"},
      LayerOps{"SimpleRNN", "ADD FULLY_CONNECTED PACK TANH UNPACK"},
      LayerOps{"Softmax", "SOFTMAX"},
      LayerOps{"Subtract", "SUB"},
      LayerOps{"TimeDistributed", "RESHAPE"},
      LayerOps{"UnitNormalization", "MINIMUM MUL RSQRT SQUARE SUM"},
      LayerOps{"UpSampling1D", "EXPAND_DIMS RESHAPE RESIZE_NEAREST_NEIGHBOR"},
      LayerOps{"UpSampling2D", "RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR"},
      LayerOps{"ZeroPadding1D", "PAD"},
      LayerOps{"ZeroPadding2D", "PAD"},
  };
  return kOps;
}

}  // namespace litesmith::keras
