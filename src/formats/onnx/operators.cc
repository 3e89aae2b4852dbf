#include "formats/onnx/operators.h"

#include <algorithm>
#include <array>

#include "formats/onnx/ops/ops.h"

namespace litesmith::onnx {

std::span<const Operator> all_operators() {
  constexpr Layout kKeeps = Layout::keeps;
  constexpr Layout kChannels = Layout::channels_first;
  static constexpr auto kOperators = std::to_array<Operator>({
      {"Abs", build_abs, kKeeps},
      {"Add", build_add, kKeeps},
      {"And", build_and, kKeeps},
      {"ArgMax", build_arg_max},
      {"ArgMin", build_arg_min},
      {"AveragePool", build_average_pool, kChannels},
      {"BatchNormalization", build_batch_normalization, kChannels},
      {"Cast", build_cast, kKeeps},
      {"CastLike", build_cast_like, kKeeps},
      {"Ceil", build_ceil, kKeeps},
      {"Celu", build_celu, kKeeps},
      {"Clip", build_clip, kKeeps},
      {"Concat", build_concat, kKeeps},
      {"Constant", build_constant},
      {"ConstantOfShape", build_constant_of_shape},
      {"Conv", build_conv, kChannels},
      {"ConvTranspose", build_conv_transpose, kChannels, true},
      {"Cos", build_cos, kKeeps},
      {"DepthToSpace", build_depth_to_space, kChannels},
      {"DequantizeLinear", build_dequantize_linear, kKeeps},
      {"Div", build_div, kKeeps},
      {"Dropout", build_dropout, kKeeps},
      {"Elu", build_elu, kKeeps},
      {"Equal", build_equal, kKeeps},
      {"Erf", build_erf, kKeeps},
      {"Exp", build_exp, kKeeps},
      {"Expand", build_expand},
      {"Flatten", build_flatten},
      {"Floor", build_floor, kKeeps},
      {"Gather", build_gather},
      {"GatherND", build_gather_nd},
      {"Gelu", build_gelu, kKeeps},
      {"Gemm", build_gemm},
      {"GlobalAveragePool", build_global_average_pool, kChannels},
      {"GlobalMaxPool", build_global_max_pool, kChannels},
      {"Greater", build_greater, kKeeps},
      {"GreaterOrEqual", build_greater_or_equal, kKeeps},
      {"HardSigmoid", build_hard_sigmoid, kKeeps},
      {"HardSwish", build_hard_swish, kKeeps},
      {"Identity", build_identity, kKeeps},
      {"InstanceNormalization", build_instance_normalization, kChannels},
      {"LayerNormalization", build_layer_normalization},
      {"LeakyRelu", build_leaky_relu, kKeeps},
      {"Less", build_less, kKeeps},
      {"LessOrEqual", build_less_or_equal, kKeeps},
      {"Log", build_log, kKeeps},
      {"LogSoftmax", build_log_softmax},
      {"LpNormalization", build_lp_normalization},
      {"MatMul", build_mat_mul},
      {"Max", build_max, kKeeps},
      {"MaxPool", build_max_pool, kChannels},
      {"Mean", build_mean, kKeeps},
      {"Min", build_min, kKeeps},
      {"Mish", build_mish, kKeeps},
      {"Mul", build_mul, kKeeps},
      {"Neg", build_neg, kKeeps},
      {"Not", build_not, kKeeps},
      {"Or", build_or, kKeeps},
      {"PRelu", build_prelu, kKeeps},
      {"Pad", build_pad, kKeeps},
      {"Pow", build_pow, kKeeps},
      {"QuantizeLinear", build_quantize_linear, kKeeps},
      {"Range", build_range},
      {"Reciprocal", build_reciprocal, kKeeps},
      {"ReduceL1", build_reduce_l1},
      {"ReduceL2", build_reduce_l2},
      {"ReduceLogSum", build_reduce_log_sum},
      {"ReduceLogSumExp", build_reduce_log_sum_exp},
      {"ReduceMax", build_reduce_max},
      {"ReduceMean", build_reduce_mean},
      {"ReduceMin", build_reduce_min},
      {"ReduceSum", build_reduce_sum},
      {"ReduceSumSquare", build_reduce_sum_square},
      {"Relu", build_relu, kKeeps},
      {"Reshape", build_reshape},
      {"Resize", build_resize, kChannels},
      {"Round", build_round, kKeeps},
      {"Selu", build_selu, kKeeps},
      {"Shape", build_shape},
      {"Sigmoid", build_sigmoid, kKeeps},
      {"Sign", build_sign, kKeeps},
      {"Sin", build_sin, kKeeps},
      {"Size", build_size},
      {"Slice", build_slice, kKeeps},
      {"Softmax", build_softmax},
      {"Softplus", build_softplus, kKeeps},
      {"Softsign", build_softsign, kKeeps},
      {"SpaceToDepth", build_space_to_depth, kChannels},
      {"Split", build_split},
      {"Sqrt", build_sqrt, kKeeps},
      {"Squeeze", build_squeeze},
      {"Sub", build_sub, kKeeps},
      {"Sum", build_sum, kKeeps},
      {"Swish", build_swish, kKeeps},
      {"Tanh", build_tanh, kKeeps},
      {"ThresholdedRelu", build_thresholded_relu, kKeeps},
      {"Tile", build_tile},
      {"TopK", build_top_k},
      {"Transpose", build_transpose},
      {"Unsqueeze", build_unsqueeze},
      {"Upsample", build_upsample, kChannels},
      {"Where", build_where, kKeeps},
      {"Xor", build_xor, kKeeps},
  });
  return kOperators;
}

const Operator* find_operator(std::string_view name) {
  const auto operators = all_operators();
  const auto found = std::lower_bound(
      operators.begin(), operators.end(), name,
      [](const Operator& each, std::string_view wanted) { return each.name < wanted; });
  return found != operators.end() && found->name == name ? &*found : nullptr;
}

}  // namespace litesmith::onnx
