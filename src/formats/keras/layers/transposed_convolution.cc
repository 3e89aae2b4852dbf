// Conv1DTranspose and Conv2DTranspose: TRANSPOSE_CONV with the kernel turned from [height, width,
// out, in] to [out, height, width, in]. The operator is told its output's shape, batch included.
#include <algorithm>
#include <string>

#include "base/error.h"
#include "formats/keras/layers/convolution.h"
#include "formats/keras/layers/image_layout.h"
#include "formats/keras/layers/layers.h"
#include "ops/transpose_conv.h"

namespace litesmith::keras {
namespace {

// What TensorFlow makes of `size` elements. Without output padding it takes the largest output that
// a convolution could have made `size` elements of.
int64_t output_size(int64_t size, int64_t kernel, int64_t stride, Padding padding,
                    const int32_t* output_padding) {
  if (padding == Padding::same) {
    return output_padding == nullptr ? size * stride
                                     : (size - 1) * stride + kernel % 2 + *output_padding;
  }
  const int64_t more =
      output_padding == nullptr ? std::max<int64_t>(stride - kernel, 0) : int64_t{*output_padding};
  return (size - 1) * stride + kernel + more;
}

int32_t to_size(int64_t size) {
  if (size < 1 || size > INT32_MAX) {
    throw Error(ErrorCode::data, "an output of " + std::to_string(size) + " elements");
  }
  return static_cast<int32_t>(size);
}

ValueId build_transposed(LayerCall& call, size_t dimensions) {
  const Json& config = call.config();
  const Window window = convolution_window(config, dimensions);
  const int32_t filters = config.integer("filters");
  const ValueId image = to_image(call, call.input());
  const Json& given = config["output_padding"];
  std::vector<int32_t> output_padding;
  if (!given.is_null()) output_padding = config.integers("output_padding", dimensions);
  if (dimensions == 1 && !output_padding.empty()) output_padding.insert(output_padding.begin(), 0);

  Shape stored = {window.height, window.width, filters, call.size(image, 3)};
  if (dimensions == 1) stored.erase(stored.begin());
  WeightArray kernel = call.weight("kernel", stored);
  if (dimensions == 1) kernel.shape.insert(kernel.shape.begin(), 1);
  const ValueId filter = call.constant("kernel", [&] { return transposed(kernel, {2, 0, 1, 3}); });

  auto side = [&](int axis, int32_t size, int32_t stride) {
    if (dimensions == 1 && axis == 1) return 1;
    const int32_t* more =
        output_padding.empty() ? nullptr : &output_padding[static_cast<size_t>(axis) - 1];
    return to_size(output_size(call.size(image, axis), size, stride, window.padding, more));
  };
  const ValueId shape =
      call.integers("output_shape", {call.size(image, 0), side(1, window.height, window.stride_h),
                                     side(2, window.width, window.stride_w), filters});
  TransposeConv op;
  op.padding = window.padding;
  op.stride_h = window.stride_h;
  op.stride_w = window.stride_w;
  const ValueId result =
      call.emit(op, {shape, filter, image, bias_or_zeros(call, filters)}, "conv_transpose");
  return activate_and_leave(call, config["activation"], result, dimensions + 2);
}

}  // namespace

void check_transposed_convolution(const Json& config) {
  check_data_format(config);
  static_cast<void>(to_padding(config.string("padding", "valid")));
  const Json& dilation = config["dilation_rate"];
  const bool is_dilated = dilation.is_number()
                              ? dilation.value() != 1
                              : std::any_of(dilation.items().begin(), dilation.items().end(),
                                            [](const Json& each) { return each.value() != 1; });
  if (is_dilated) {
    throw Error(ErrorCode::unsupported, "LiteRT has no dilated transposed convolution");
  }
}

bool fixes_batch_always(const Json&) { return true; }

ValueId build_conv1d_transpose(LayerCall& call) { return build_transposed(call, 1); }
ValueId build_conv2d_transpose(LayerCall& call) { return build_transposed(call, 2); }

}  // namespace litesmith::keras
