#include "formats/onnx/ops/window.h"

#include "ops/geometry.h"
#include "ops/pad.h"

namespace litesmith::onnx {
namespace {

constexpr int64_t kLargest = 1 << 20;  // of a stride, a dilation, a window or its padding

int32_t bounded(const Call& call, int64_t value, int64_t least, std::string_view what) {
  if (value < least || value > kLargest) {
    call.refuse(std::string(what) + " of " + std::to_string(value) + " is not supported");
  }
  return static_cast<int32_t>(value);
}

std::vector<int64_t> list(const Call& call, std::string_view name, size_t count,
                          int64_t otherwise) {
  std::vector<int64_t> result = call.integer_list(name);
  if (result.empty()) result.assign(count, otherwise);
  if (result.size() != count) {
    call.wrong(std::string(name) + " has " + std::to_string(result.size()) + " entries, not " +
               std::to_string(count));
  }
  return result;
}

int32_t unknown_size(const Call& call) {
  call.refuse(
      "how much its input is padded depends on a dimension known only when the model runs: give "
      "it a value with --dimension NAME=SIZE");
}

// What must be added to the input, in front and behind, for so many outputs.
int32_t padding_for(const WindowAxis& axis, int32_t outputs) {
  return std::max(0, (outputs - 1) * axis.stride + axis.extent() - axis.input);
}

// Padding that makes ceil(input / stride) outputs; the odd one goes in front for SAME_LOWER.
void pad_automatically(const Call& call, WindowAxis& axis, bool lower) {
  if (axis.input < 0) unknown_size(call);
  const int32_t total = padding_for(axis, (axis.input + axis.stride - 1) / axis.stride);
  axis.before = lower ? total - total / 2 : total / 2;
  axis.after = total - axis.before;
}

void count_outputs(const Call& call, WindowAxis& axis, bool ceil_mode) {
  if (axis.input < 0) {
    axis.output = kDynamic;
    if (axis.pads() || ceil_mode) unknown_size(call);
    return;
  }
  const int64_t padded = int64_t{axis.input} + axis.before + axis.after;
  const int64_t room = padded - axis.extent();
  if (room < 0) {
    call.wrong("a window of " + std::to_string(axis.extent()) + " does not fit " +
               std::to_string(padded) + " elements");
  }
  int64_t outputs = room / axis.stride + 1;
  // A window that would begin in the padding behind is left out.
  if (ceil_mode && room % axis.stride != 0 &&
      outputs * axis.stride < int64_t{axis.input} + axis.before) {
    ++outputs;
    axis.extra = static_cast<int32_t>((outputs - 1) * axis.stride + axis.extent() - padded);
  }
  axis.output = static_cast<int32_t>(outputs);
}

}  // namespace

Window2D window_of(const Call& call, const std::vector<int64_t>& kernel) {
  const Shape& shape = call.shape(0);
  if (shape.size() != 3 && shape.size() != 4) {
    call.refuse("an input of shape " + to_string(shape) +
                " is not supported; one or two spatial dimensions are");
  }
  const size_t spatial = shape.size() - 2;
  std::vector<int64_t> sizes = call.integer_list("kernel_shape");
  if (sizes.empty()) sizes = kernel;
  if (sizes.size() != spatial) {
    call.wrong("a kernel of " + std::to_string(sizes.size()) + " dimensions does not fit " +
               to_string(shape));
  }
  const auto strides = list(call, "strides", spatial, 1);
  const auto dilations = list(call, "dilations", spatial, 1);
  const auto padding = list(call, "pads", 2 * spatial, 0);
  const std::string automatic = call.text("auto_pad", "NOTSET");
  const bool ceil_mode = call.integer("ceil_mode", 0) != 0;
  Window2D result;
  result.height.input = result.height.output = 1;
  for (size_t i = 0; i < spatial; ++i) {
    WindowAxis& axis = i + 1 == spatial ? result.width : result.height;
    axis.size = bounded(call, sizes[i], 1, "a window");
    axis.stride = bounded(call, strides[i], 1, "a stride");
    axis.dilation = bounded(call, dilations[i], 1, "a dilation");
    if (int64_t{axis.size} * axis.dilation > kLargest) call.refuse("its window is too large");
    axis.input = shape[i + 2];
    if (axis.input > (1 << 28)) call.refuse("its input is too large");
    if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
      pad_automatically(call, axis, automatic == "SAME_LOWER");
    } else if (automatic == "NOTSET" || automatic.empty()) {
      axis.before = bounded(call, padding[i], 0, "padding");
      axis.after = bounded(call, padding[spatial + i], 0, "padding");
    } else if (automatic != "VALID") {
      call.wrong("there is no auto_pad '" + automatic + "'");
    }
    count_outputs(call, axis, ceil_mode);
  }
  return result;
}

bool pads(const Window2D& window) { return window.height.pads() || window.width.pads(); }

bool is_same(const Window2D& window) {
  auto same = [](const WindowAxis& axis) {
    if (axis.input < 0 || axis.extra != 0) return false;
    const int32_t outputs =
        window_output(axis.input, axis.size, axis.stride, axis.dilation, Padding::same);
    const int32_t total = padding_for(axis, outputs);
    return outputs == axis.output && axis.before == total / 2 && axis.after == total - total / 2;
  };
  return same(window.height) && same(window.width);
}

ValueId to_image(Call& call, size_t i) {
  const size_t rank = call.rank(i);
  if (rank != 3 && rank != 4) {
    call.refuse("an input of shape " + to_string(call.shape(i)) + " is no sequence and no image");
  }
  const ValueId x = call.value(i, channels_last(rank));
  if (rank == 4) return x;
  const Shape& shape = call[x].shape;
  return call.reshape(x, {shape[0], 1, shape[1], shape[2]}, "image");
}

void set_from_image(Call& call, ValueId image) {
  const size_t rank = call.rank(0);
  if (rank == 3) {
    const Shape shape = call[image].shape;
    image = call.reshape(image, {shape[0], shape[2], shape[3]}, "sequence");
  }
  call.set(0, image, channels_last(rank), true);
}

ValueId pad_amounts(Call& call, const Window2D& window) {
  const WindowAxis& h = window.height;
  const WindowAxis& w = window.width;
  return call.constant<int32_t>(
      "padding", {4, 2}, {0, 0, h.before, h.after + h.extra, w.before, w.after + w.extra, 0, 0});
}

ValueId pad_image(Call& call, ValueId image, const Window2D& window, std::optional<float> fill) {
  const ValueId amounts = pad_amounts(call, window);
  if (!fill) return call.emit(Pad(), {image, amounts}, "pad");
  return call.emit(PadV2(), {image, amounts, call.scalar_constant("fill", *fill)}, "pad");
}

}  // namespace litesmith::onnx
