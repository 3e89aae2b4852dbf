// CONV_2D(PAD(x, p), w, b) {VALID}, where p is what SAME would pad
//   becomes CONV_2D(x, w, b) {SAME}.
//
// So for DEPTHWISE_CONV_2D. The image's size must be known: what SAME pads depends on it. A pool's
// padding is no zero, so a PAD in front of one stays.
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/geometry.h"
#include "ops/pad.h"
#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

// Padding before and after `size` positions that SAME means for this window.
bool is_same(int32_t before, int32_t after, int32_t size, int32_t window, int32_t stride,
             int32_t dilation) {
  const int32_t outputs = window_output(size, window, stride, dilation, Padding::same);
  const int32_t extent = (window - 1) * dilation + 1;
  const int32_t total = (outputs - 1) * stride + extent - size;
  return total >= 0 && before + after == total &&
         before == window_padding_before(size, outputs, window, stride, dilation);
}

template <class T>
std::shared_ptr<const Op> with_same_padding(const Editor& edit, const Node& node,
                                            const Shape& image, std::span<const int32_t> amounts) {
  const T* op = node.as<T>();
  if (op == nullptr || op->padding != Padding::valid) return nullptr;
  const Shape& filter = edit.value(node.inputs.at(1)).shape;
  if (!is_same(amounts[2], amounts[3], image[1], filter.at(1), op->stride_h, op->dilation_h) ||
      !is_same(amounts[4], amounts[5], image[2], filter.at(2), op->stride_w, op->dilation_w)) {
    return nullptr;
  }
  auto same = std::make_shared<T>(*op);
  same->padding = Padding::same;
  return same;
}

}  // namespace

bool pad_to_same(Editor& edit, size_t node) {
  const Node& op = edit.node(node);
  if (op.as<Conv2D>() == nullptr && op.as<DepthwiseConv2D>() == nullptr) return false;
  const auto before = edit.producer_as<Pad>(op.inputs.at(0));
  if (!before) return false;
  const ValueId x = edit.node(*before).inputs.at(0);
  const auto amounts = int32_constant(edit, edit.node(*before).inputs.at(1));
  const Shape& image = edit.value(x).shape;
  if (!amounts || amounts->size() != 8 || image.size() != 4 || image[1] <= 0 || image[2] <= 0) {
    return false;
  }
  if ((*amounts)[0] != 0 || (*amounts)[1] != 0 || (*amounts)[6] != 0 || (*amounts)[7] != 0) {
    return false;
  }
  if (edit.value(x).quantization != edit.value(op.inputs[0]).quantization) return false;
  auto same = with_same_padding<Conv2D>(edit, op, image, *amounts);
  if (same == nullptr) same = with_same_padding<DepthwiseConv2D>(edit, op, image, *amounts);
  if (same == nullptr) return false;
  std::vector<ValueId> inputs = op.inputs;
  inputs[0] = x;
  edit.change(node, std::move(same), std::move(inputs));
  return true;
}

}  // namespace litesmith::rules
