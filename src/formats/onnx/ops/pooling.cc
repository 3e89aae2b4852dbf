// Pools over windows and over everything.
#include <algorithm>
#include <limits>

#include "formats/onnx/ops/ops.h"
#include "formats/onnx/ops/window.h"
#include "ops/binary.h"
#include "ops/pad.h"
#include "ops/pool_2d.h"
#include "ops/reduce.h"

namespace litesmith::onnx {
namespace {

template <class Op>
Op pool_op(const Window2D& window, Padding padding) {
  Op op;
  op.padding = padding;
  op.stride_h = window.height.stride;
  op.stride_w = window.width.stride;
  op.filter_height = window.height.size;
  op.filter_width = window.width.size;
  return op;
}

Window2D undilated(const Call& call) {
  const Window2D window = window_of(call, {});
  if (window.height.dilation != 1 || window.width.dilation != 1) {
    call.refuse("a dilation is not supported");
  }
  return window;
}

// How many elements each window of one dimension counts: those of the input, with its padding when
// that counts too, never those that ceil_mode adds.
std::vector<float> counted(const WindowAxis& axis, bool with_padding) {
  std::vector<float> result;
  const int64_t first = with_padding ? -axis.before : 0;
  const int64_t last = axis.input + (with_padding ? axis.after : 0);
  for (int32_t i = 0; i < axis.output; ++i) {
    const int64_t begin = int64_t{i} * axis.stride - axis.before;
    const int64_t end = begin + axis.size;
    result.push_back(
        static_cast<float>(std::max<int64_t>(1, std::min(end, last) - std::max(begin, first))));
  }
  return result;
}

template <class Op>
void pool_everything(Call& call, std::string_view part) {
  const size_t rank = call.rank(0);
  if (rank < 3) call.refuse("an input of shape " + to_string(call.shape(0)) + " has no space");
  std::vector<int32_t> axes;
  for (size_t i = 1; i + 1 < rank; ++i) axes.push_back(static_cast<int32_t>(i));
  Op op;
  op.keep_dims = true;
  const Order order = channels_last(rank);
  call.set(0, call.emit(op, {call.value(0, order), call.int32s("axes", axes)}, part), order, true);
}

// True when each window that reaches into the padding holds the rows that lie as far inside the
// border as its farthest row lies outside.
bool mirrors(const WindowAxis& axis) {
  return 2 * axis.before <= axis.size && 2 * (axis.after + axis.extra) <= axis.size &&
         axis.before <= axis.input && axis.after + axis.extra <= axis.input;
}

// The image with padding that no maximum is taken from. The lowest float would be right, and would
// take all precision from a tensor that is quantized; so zeros where nothing is below zero, else
// the border's own elements once more, which the windows there hold anyway.
ValueId padded_for_maximum(Call& call, ValueId image, const Window2D& window) {
  if (call.is_non_negative(image)) return pad_image(call, image, window, std::nullopt);
  if (!mirrors(window.height) || !mirrors(window.width)) {
    return pad_image(call, image, window, std::numeric_limits<float>::lowest());
  }
  MirrorPad op;
  op.mode = MirrorPadMode::symmetric;
  return call.emit(op, {image, pad_amounts(call, window)}, "pad");
}

}  // namespace

void build_max_pool(Call& call) {
  if (call.makes(1)) call.refuse("its second output, the indices, is not supported");
  const Window2D window = undilated(call);
  ValueId image = to_image(call, 0);
  Padding padding = Padding::valid;
  if (pads(window)) {
    padding = is_same(window) ? Padding::same : Padding::valid;
    if (padding == Padding::valid) image = padded_for_maximum(call, image, window);
  }
  set_from_image(call, call.emit(pool_op<MaxPool2D>(window, padding), {image}, "max_pool"));
}

void build_average_pool(Call& call) {
  const Window2D window = undilated(call);
  const bool with_padding = call.integer("count_include_pad", 0) != 0;
  ValueId image = to_image(call, 0);
  const bool padded = pads(window);
  if (!padded || (is_same(window) && !with_padding)) {
    const Padding padding = padded ? Padding::same : Padding::valid;
    return set_from_image(call,
                          call.emit(pool_op<AveragePool2D>(window, padding), {image}, "pool"));
  }
  constexpr int64_t kMostFactors = 1 << 22;
  if (int64_t{window.height.output} * window.width.output > kMostFactors) {
    call.refuse("its input is too large for this padding");
  }
  // The average over the whole window, zeros and all, times what it should have been divided by.
  image = pad_image(call, image, window, std::nullopt);
  ValueId made = call.emit(pool_op<AveragePool2D>(window, Padding::valid), {image}, "pool");
  const auto rows = counted(window.height, with_padding);
  const auto columns = counted(window.width, with_padding);
  const auto whole = static_cast<float>(int64_t{window.height.size} * window.width.size);
  std::vector<float> factors;
  bool all_whole = true;
  for (const float row : rows) {
    for (const float column : columns) {
      factors.push_back(whole / (row * column));
      all_whole &= factors.back() == 1;
    }
  }
  if (!all_whole) {
    const ValueId factor =
        call.constant("share", {1, window.height.output, window.width.output, 1}, factors);
    made = call.emit(Mul(), {made, factor}, "average");
  }
  set_from_image(call, made);
}

void build_global_average_pool(Call& call) { pool_everything<Mean>(call, "mean"); }
void build_global_max_pool(Call& call) { pool_everything<ReduceMax>(call, "max"); }

}  // namespace litesmith::onnx
