// Conv1D and Conv2D: CONV_2D with the kernel turned from HWIO to OHWI. Conv3D: CONV_3D, whose
// kernel lies as Keras's does.
#include "formats/keras/layers/convolution.h"

#include "base/error.h"
#include "formats/keras/activations.h"
#include "formats/keras/layers/image_layout.h"
#include "formats/keras/layers/layers.h"
#include "ops/binary.h"
#include "ops/conv_2d.h"
#include "ops/conv_3d.h"
#include "ops/pad.h"

namespace litesmith::keras {

Window convolution_window(const Json& config, size_t dimensions) {
  Window window;
  auto read = [&](std::string_view key, int32_t& height, int32_t& width) {
    const std::vector<int32_t> both = config.integers(key, dimensions);
    if (dimensions == 2) height = both.front();
    width = both.back();
  };
  read("kernel_size", window.height, window.width);
  if (!config["strides"].is_null()) read("strides", window.stride_h, window.stride_w);
  if (!config["dilation_rate"].is_null())
    read("dilation_rate", window.dilation_h, window.dilation_w);
  window.causal = config.string("padding", "valid") == "causal";
  window.padding = window.causal ? Padding::valid : to_padding(config.string("padding", "valid"));
  return window;
}

ValueId pad_causally(LayerCall& call, ValueId x, const Window& window) {
  if (!window.causal) return x;
  int32_t before = 0;
  if (__builtin_mul_overflow(window.width - 1, window.dilation_w, &before)) {
    throw Error(ErrorCode::format, "a dilation of " + std::to_string(window.dilation_w));
  }
  const std::vector<int32_t> amounts = is_channels_first(call.config())
                                           ? std::vector<int32_t>{0, 0, 0, 0, before, 0}
                                           : std::vector<int32_t>{0, 0, before, 0, 0, 0};
  return call.emit(Pad(), {x, call.integers("causal_padding", {3, 2}, amounts)}, "pad");
}

ValueId bias_or_zeros(LayerCall& call, int32_t channels) {
  return call.constant("bias", [&] {
    if (call.has_weight("bias")) return call.weight("bias", {channels});
    return WeightArray{{channels}, Buffer::of(std::vector<float>(static_cast<size_t>(channels)))};
  });
}

std::vector<Variable> kernel_and_bias(const Json& config) {
  if (config.flag("use_bias", true)) return {{"kernel"}, {"bias"}};
  return {{"kernel"}};
}

void check_convolution(const Json& config) {
  check_data_format(config);
  const std::string padding = config.string("padding", "valid");
  if (padding != "causal") static_cast<void>(to_padding(padding));
}

namespace {

ValueId build_conv(LayerCall& call, size_t dimensions) {
  const Json& config = call.config();
  const Window window = convolution_window(config, dimensions);
  const int32_t filters = config.integer("filters");
  const int32_t groups = config.integer("groups", 1);
  const size_t rank = dimensions + 2;
  const ValueId image = to_image(call, pad_causally(call, call.input(), window));

  // Keras stores [height, width, in / groups, out], whatever the data format.
  Shape stored = {window.height, window.width, kDynamic, filters};
  if (dimensions == 1) stored.erase(stored.begin());
  WeightArray kernel = call.weight("kernel", stored);
  if (dimensions == 1) kernel.shape.insert(kernel.shape.begin(), 1);
  if (groups < 1 || int64_t{kernel.shape[2]} * groups != call.size(image, -1)) {
    throw Error(ErrorCode::data, "a kernel for " + std::to_string(groups) + " groups of " +
                                     std::to_string(kernel.shape[2]) +
                                     " channels does not fit an input of " +
                                     std::to_string(call.size(image, -1)) + " channels");
  }
  const ValueId filter = call.constant("kernel", [&] { return transposed(kernel, {3, 0, 1, 2}); });

  Conv2D op;
  op.padding = window.padding;
  op.stride_h = window.stride_h;
  op.stride_w = window.stride_w;
  op.dilation_h = window.dilation_h;
  op.dilation_w = window.dilation_w;
  const ValueId result = call.emit(op, {image, filter, bias_or_zeros(call, filters)}, "conv");
  return activate_and_leave(call, config["activation"], result, rank);
}

}  // namespace

ValueId build_conv1d(LayerCall& call) { return build_conv(call, 1); }
ValueId build_conv2d(LayerCall& call) { return build_conv(call, 2); }

void check_conv3d(const Json& config) {
  check_data_format(config);
  static_cast<void>(to_padding(config.string("padding", "valid")));
  if (is_channels_first(config)) {
    throw Error(ErrorCode::unsupported, "channels first are not supported in three dimensions");
  }
  if (config.integer("groups", 1) != 1) {
    throw Error(ErrorCode::unsupported, "groups are not supported: CONV_3D has none");
  }
}

// The bias is an ADD of its own, as in TensorFlow's files.
ValueId build_conv3d(LayerCall& call) {
  const Json& config = call.config();
  const int32_t filters = config.integer("filters");
  const std::vector<int32_t> taps = config.integers("kernel_size", 3);
  auto triple = [&](std::string_view key) {
    return config[key].is_null() ? std::vector<int32_t>{1, 1, 1} : config.integers(key, 3);
  };
  const std::vector<int32_t> strides = triple("strides");
  const std::vector<int32_t> dilations = triple("dilation_rate");
  const ValueId filter = call.constant("kernel", [&] {
    return call.weight("kernel", {taps[0], taps[1], taps[2], kDynamic, filters});
  });
  Conv3D op;
  op.padding = to_padding(config.string("padding", "valid"));
  op.stride_d = strides[0];
  op.stride_h = strides[1];
  op.stride_w = strides[2];
  op.dilation_d = dilations[0];
  op.dilation_h = dilations[1];
  op.dilation_w = dilations[2];
  ValueId result = call.emit(op, {call.input(), filter}, "conv");
  if (call.has_weight("bias")) {
    const ValueId bias = call.constant("bias", [&] { return call.weight("bias", {filters}); });
    result = call.emit(Add(), {result, bias}, "bias_add");
  }
  return emit_activation(call, config["activation"], result);
}

}  // namespace litesmith::keras
