// DepthwiseConv1D/2D and SeparableConv1D/2D: DEPTHWISE_CONV_2D, the latter followed by a 1x1
// CONV_2D.
#include "base/error.h"
#include "formats/keras/layers/convolution.h"
#include "formats/keras/layers/image_layout.h"
#include "formats/keras/layers/layers.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"

namespace litesmith::keras {
namespace {

// Keras's kernel [height, width, in, multiplier] is LiteRT's [1, height, width, in * multiplier]
// in the same order. The bias is the layer's own, or zeros.
ValueId emit_depthwise(LayerCall& call, ValueId image, const Window& window, size_t dimensions,
                       std::string_view kernel_name, bool own_bias) {
  const int32_t channels = call.size(image, -1);
  const int32_t multiplier = call.config().integer("depth_multiplier", 1);
  const int64_t outputs = int64_t{channels} * multiplier;
  if (multiplier < 1 || outputs > INT32_MAX) {
    throw Error(ErrorCode::format, "a depth multiplier of " + std::to_string(multiplier));
  }
  Shape stored = {window.height, window.width, channels, multiplier};
  if (dimensions == 1) stored.erase(stored.begin());
  const ValueId filter = call.constant(kernel_name, [&] {
    WeightArray kernel = call.weight(kernel_name, stored);
    kernel.shape = {1, window.height, window.width, static_cast<int32_t>(outputs)};
    return kernel;
  });
  const ValueId bias =
      own_bias ? bias_or_zeros(call, static_cast<int32_t>(outputs))
               : call.constant("depthwise_bias", [&] {
                   return WeightArray{{static_cast<int32_t>(outputs)},
                                      Buffer::of(std::vector<float>(static_cast<size_t>(outputs)))};
                 });
  DepthwiseConv2D op;
  op.padding = window.padding;
  op.stride_h = window.stride_h;
  op.stride_w = window.stride_w;
  op.dilation_h = window.dilation_h;
  op.dilation_w = window.dilation_w;
  op.depth_multiplier = multiplier;
  return call.emit(op, {image, filter, bias}, "depthwise");
}

ValueId build_depthwise(LayerCall& call, size_t dimensions) {
  const Window window = convolution_window(call.config(), dimensions);
  const ValueId image = to_image(call, pad_causally(call, call.input(), window));
  const ValueId result = emit_depthwise(call, image, window, dimensions, "kernel", true);
  return activate_and_leave(call, call.config()["activation"], result, dimensions + 2);
}

ValueId build_separable(LayerCall& call, size_t dimensions) {
  const Window window = convolution_window(call.config(), dimensions);
  const int32_t filters = call.config().integer("filters");
  const ValueId image = to_image(call, pad_causally(call, call.input(), window));
  const ValueId depthwise =
      emit_depthwise(call, image, window, dimensions, "depthwise_kernel", false);
  Shape stored = {1, 1, call.size(depthwise, -1), filters};
  if (dimensions == 1) stored.erase(stored.begin());
  const ValueId filter = call.constant("pointwise_kernel", [&] {
    WeightArray kernel = call.weight("pointwise_kernel", stored);
    if (dimensions == 1) kernel.shape.insert(kernel.shape.begin(), 1);
    return transposed(kernel, {3, 0, 1, 2});
  });
  Conv2D op;
  op.padding = Padding::valid;
  const ValueId result =
      call.emit(op, {depthwise, filter, bias_or_zeros(call, filters)}, "pointwise");
  return activate_and_leave(call, call.config()["activation"], result, dimensions + 2);
}

}  // namespace

ValueId build_depthwise_conv1d(LayerCall& call) { return build_depthwise(call, 1); }
ValueId build_depthwise_conv2d(LayerCall& call) { return build_depthwise(call, 2); }
ValueId build_separable_conv1d(LayerCall& call) { return build_separable(call, 1); }
ValueId build_separable_conv2d(LayerCall& call) { return build_separable(call, 2); }

std::vector<Variable> separable_variables(const Json& config) {
  std::vector<Variable> result = {{"depthwise_kernel"}, {"pointwise_kernel"}};
  if (config.flag("use_bias", true)) result.push_back({"bias"});
  return result;
}

}  // namespace litesmith::keras
