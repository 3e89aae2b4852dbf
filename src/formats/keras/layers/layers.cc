// The list of every layer litesmith imports.
#include "formats/keras/layers/layers.h"

#include <algorithm>
#include <array>

#include "formats/keras/layers/activation_layers.h"
#include "formats/keras/layers/image_layout.h"
#include "formats/keras/operations/operations.h"

namespace litesmith::keras {
namespace {

void check_relu_layer(const Json& config) { check_activation_layer("ReLU", config); }

constexpr std::array kOneWrapped = {WrappedLayer{"layer", "layer"}};
constexpr std::array kBothDirections = {WrappedLayer{"forward_layer", "layer"},
                                        WrappedLayer{"backward_layer", "backward_layer", "layer"}};
constexpr std::array<std::string_view, 1> kInitialState = {"initial_state"};
constexpr std::array<std::string_view, 4> kAttended = {"attention_mask", "key", "query", "value"};
constexpr std::array<std::string_view, 4> kTfTensors = {"b", "values", "x", "y"};

constexpr LayerDef passes_mask(LayerDef layer) {
  layer.masks = MaskFlow::passes;
  return layer;
}
constexpr LayerDef handles_masks(LayerDef layer) {
  layer.masks = MaskFlow::own;
  return layer;
}
constexpr std::array kLayers = {
    passes_mask({"Activation", build_activation}),
    passes_mask({"ActivityRegularization", build_identity}),
    handles_masks({"Add", build_add}),
    passes_mask({"AlphaDropout", build_identity}),
    handles_masks({"Attention", build_attention, dot_attention_variables, check_dot_attention}),
    handles_masks({"Average", build_average}),
    LayerDef{"AveragePooling1D", build_average_pooling1d, nullptr, check_pooling},
    LayerDef{"AveragePooling2D", build_average_pooling2d, nullptr, check_pooling},
    passes_mask({"BatchNormalization", build_batch_normalization, batch_normalization_variables,
                 check_batch_normalization}),
    LayerDef{.class_name = "Bidirectional",
             .build = build_bidirectional,
             .check = check_bidirectional,
             .wraps = kBothDirections,
             .masks = MaskFlow::own},
    LayerDef{.class_name = "ClusterWeights",
             .build = build_training_wrapper,
             .wraps = kOneWrapped,
             .training = Training::clusters_kernel,
             .masks = MaskFlow::refused},
    handles_masks({"Concatenate", build_concatenate}),
    LayerDef{"Conv1D", build_conv1d, kernel_and_bias, check_convolution},
    LayerDef{.class_name = "Conv1DTranspose",
             .build = build_conv1d_transpose,
             .variables = kernel_and_bias,
             .check = check_transposed_convolution,
             .fixes_batch = fixes_batch_always},
    LayerDef{"Conv2D", build_conv2d, kernel_and_bias, check_convolution},
    LayerDef{.class_name = "Conv2DTranspose",
             .build = build_conv2d_transpose,
             .variables = kernel_and_bias,
             .check = check_transposed_convolution,
             .fixes_batch = fixes_batch_always},
    LayerDef{"Conv3D", build_conv3d, kernel_and_bias, check_conv3d},
    LayerDef{"Cropping1D", build_cropping1d},
    LayerDef{"Cropping2D", build_cropping2d, nullptr, check_data_format},
    passes_mask({"Dense", build_dense, kernel_and_bias}),
    LayerDef{"DepthwiseConv1D", build_depthwise_conv1d, kernel_and_bias, check_convolution},
    LayerDef{"DepthwiseConv2D", build_depthwise_conv2d, kernel_and_bias, check_convolution},
    LayerDef{"Dot", build_dot, nullptr, check_dot},
    passes_mask({"Dropout", build_identity}),
    passes_mask({"ELU", build_elu}),
    LayerDef{"EinsumDense", build_einsum_dense, einsum_dense_variables, check_einsum_dense},
    handles_masks({"Embedding", build_embedding, embedding_variables}),
    LayerDef{"Flatten", build_flatten, nullptr, check_data_format},
    LayerDef{.class_name = "GRU",
             .build = build_gru,
             .variables = recurrent_variables,
             .check = check_unrolled,
             .tensor_keywords = kInitialState,
             .masks = MaskFlow::own},
    passes_mask({"GaussianDropout", build_identity}),
    passes_mask({"GaussianNoise", build_identity}),
    handles_masks(
        {"GlobalAveragePooling1D", build_global_average_pooling1d, nullptr, check_data_format}),
    LayerDef{"GlobalAveragePooling2D", build_global_average_pooling2d, nullptr, check_data_format},
    LayerDef{"GlobalMaxPooling1D", build_global_max_pooling1d, nullptr, check_data_format},
    LayerDef{"GlobalMaxPooling2D", build_global_max_pooling2d, nullptr, check_data_format},
    passes_mask({"GroupNormalization", build_group_normalization, layer_normalization_variables}),
    passes_mask({"Identity", build_identity}),
    LayerDef{.class_name = "LSTM",
             .build = build_lstm,
             .variables = recurrent_variables,
             .check = check_lstm,
             .tensor_keywords = kInitialState,
             .fixes_batch = lstm_fixes_batch,
             .masks = MaskFlow::own},
    passes_mask({"LayerNormalization", build_layer_normalization, layer_normalization_variables,
                 check_layer_normalization}),
    passes_mask({"LeakyReLU", build_leaky_relu}),
    handles_masks({"Masking", build_masking}),
    LayerDef{"MaxPooling1D", build_max_pooling1d, nullptr, check_pooling},
    LayerDef{"MaxPooling2D", build_max_pooling2d, nullptr, check_pooling},
    handles_masks({"Maximum", build_maximum}),
    handles_masks({"Minimum", build_minimum}),
    LayerDef{.class_name = "MultiHeadAttention",
             .build = build_multi_head_attention,
             .variables = attention_variables,
             .check = check_multi_head_attention,
             .tensor_keywords = kAttended,
             .masks = MaskFlow::own},
    handles_masks({"Multiply", build_multiply}),
    passes_mask({"Normalization", build_normalization, normalization_variables}),
    passes_mask({"PReLU", build_prelu, prelu_variables}),
    LayerDef{"Permute", build_permute},
    LayerDef{.class_name = "PruneLowMagnitude",
             .build = build_training_wrapper,
             .wraps = kOneWrapped,
             .training = Training::keeps_weights,
             .masks = MaskFlow::refused},
    LayerDef{.class_name = "QuantizeAnnotate",
             .build = build_training_wrapper,
             .wraps = kOneWrapped,
             .training = Training::keeps_weights,
             .masks = MaskFlow::refused},
    LayerDef{"QuantizeLayer", build_quantize_layer, quantize_layer_variables},
    LayerDef{.class_name = "QuantizeWrapper",
             .build = build_quantize_wrapper,
             .wraps = kOneWrapped,
             .training = Training::takes_kernel,
             .masks = MaskFlow::refused},
    LayerDef{.class_name = "QuantizeWrapperV2",
             .build = build_quantize_wrapper,
             .wraps = kOneWrapped,
             .training = Training::takes_kernel,
             .masks = MaskFlow::refused},
    LayerDef{"RandomBrightness", build_identity},
    LayerDef{"RandomContrast", build_identity},
    LayerDef{"RandomFlip", build_identity},
    LayerDef{"RandomRotation", build_identity},
    LayerDef{"RandomTranslation", build_identity},
    LayerDef{"RandomZoom", build_identity},
    passes_mask({"ReLU", build_relu, nullptr, check_relu_layer}),
    LayerDef{"RepeatVector", build_repeat_vector},
    passes_mask({"Rescaling", build_rescaling}),
    LayerDef{"Reshape", build_reshape},
    LayerDef{"Resizing", build_resizing, nullptr, check_resizing},
    LayerDef{"SeparableConv1D", build_separable_conv1d, separable_variables, check_convolution},
    LayerDef{"SeparableConv2D", build_separable_conv2d, separable_variables, check_convolution},
    LayerDef{.class_name = "SimpleRNN",
             .build = build_simple_rnn,
             .variables = recurrent_variables,
             .check = check_unrolled,
             .tensor_keywords = kInitialState,
             .masks = MaskFlow::own},
    LayerDef{.class_name = "SlicingOpLambda", .build = build_tf_slice},
    LayerDef{.class_name = "Softmax", .build = build_softmax, .masks = MaskFlow::refused},
    passes_mask({"SpatialDropout1D", build_identity}),
    passes_mask({"SpatialDropout2D", build_identity}),
    handles_masks({"Subtract", build_subtract}),
    LayerDef{.class_name = "TFOpLambda",
             .build = build_tf_function,
             .check = check_tf_function,
             .tensor_keywords = kTfTensors},
    LayerDef{.class_name = "TimeDistributed",
             .build = build_time_distributed,
             .wraps = kOneWrapped,
             .masks = MaskFlow::passes},
    passes_mask({"UnitNormalization", build_unit_normalization}),
    LayerDef{"UpSampling1D", build_up_sampling1d, nullptr, check_up_sampling},
    LayerDef{"UpSampling2D", build_up_sampling2d, nullptr, check_up_sampling},
    LayerDef{"ZeroPadding1D", build_zero_padding1d},
    LayerDef{"ZeroPadding2D", build_zero_padding2d, nullptr, check_data_format},
};

}  // namespace

std::span<const LayerDef> all_layers() { return kLayers; }

const LayerDef* find_layer(std::string_view class_name) {
  const auto* found = std::find_if(kLayers.begin(), kLayers.end(), [&](const LayerDef& each) {
    return each.class_name == class_name;
  });
  return found == kLayers.end() ? nullptr : found;
}

}  // namespace litesmith::keras
