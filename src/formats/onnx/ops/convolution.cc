// Conv: CONV_2D or DEPTHWISE_CONV_2D.
#include "formats/onnx/ops/ops.h"
#include "formats/onnx/ops/window.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"

namespace litesmith::onnx {
namespace {

// The filter of a sequence is that of an image of height 1, in the order asked for.
ValueId filter_in_order(Call& call, const Order& order) {
  if (call.rank(1) == 4) return call.value(1, order);
  const Shape& shape = call.shape(1);
  const Shape image = {shape[0], shape[1], 1, shape[2]};
  if (const auto quantized = call.input(1).quantized) {
    Value value = call[*quantized];
    value.shape = image;
    if (value.quantization.dimension == 2) value.quantization.dimension = 3;
    return call.dequantized(call.graph().add(std::move(value)), order);
  }
  Tensor widened{.dtype = call.input(1).dtype, .shape = image};
  widened.forms.push_back({plain_order(4), call.reshape(call.plain(1), image, "filter")});
  return call.in_order(widened, order);
}

template <class Op>
void fill_window(Op& op, const Window2D& window, Padding padding) {
  op.padding = padding;
  op.stride_h = window.height.stride;
  op.stride_w = window.width.stride;
  op.dilation_h = window.height.dilation;
  op.dilation_w = window.width.dilation;
}

}  // namespace

void build_conv(Call& call) {
  const Shape& weights = call.shape(1);
  constexpr int32_t kMostFilters = 1 << 20;
  const bool fits = weights.size() == call.rank(0) && weights.size() > 2 && is_static(weights);
  if (!fits || weights[0] > kMostFilters) {
    call.refuse("weights of shape " + to_string(weights) + " do not fit an input of " +
                to_string(call.shape(0)));
  }
  const Window2D window = window_of(call, {weights.begin() + 2, weights.end()});
  const int64_t group = call.integer("group", 1);
  const int32_t channels = call.shape(0)[1];
  const int32_t filters = weights[0];
  if (channels < 1 || group < 1 || int64_t{weights[1]} * group != channels ||
      filters % group != 0) {
    call.wrong("weights of shape " + to_string(weights) + " in " + std::to_string(group) +
               " groups do not fit an input of " + to_string(call.shape(0)));
  }
  ValueId image = to_image(call, 0);
  Padding padding = Padding::valid;
  if (pads(window)) {
    padding = is_same(window) ? Padding::same : Padding::valid;
    if (padding == Padding::valid) image = pad_image(call, image, window, std::nullopt);
  }
  const ValueId bias =
      call.has(2)
          ? call.plain(2)
          : call.constant("bias", {filters}, std::vector<float>(static_cast<size_t>(filters)));
  const bool depthwise = weights[1] == 1 && group == channels && (group > 1 || filters == 1);
  if (depthwise) {
    DepthwiseConv2D op;
    fill_window(op, window, padding);
    op.depth_multiplier = filters / channels;
    const ValueId filter = filter_in_order(call, {1, 2, 3, 0});
    return set_from_image(call, call.emit(op, {image, filter, bias}, "depthwise"));
  }
  Conv2D op;
  fill_window(op, window, padding);
  const ValueId filter = filter_in_order(call, {0, 2, 3, 1});
  set_from_image(call, call.emit(op, {image, filter, bias}, "conv"));
}

}  // namespace litesmith::onnx
