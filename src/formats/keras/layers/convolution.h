// What convolutions share: their window, causal padding, a bias that is always there.
#pragma once

#include "formats/keras/layer.h"
#include "ir/op.h"

namespace litesmith::keras {

// A sequence is an image of height 1.
struct Window {
  int32_t height = 1;
  int32_t width = 1;
  int32_t stride_h = 1;
  int32_t stride_w = 1;
  int32_t dilation_h = 1;
  int32_t dilation_w = 1;
  Padding padding = Padding::valid;
  bool causal = false;  // padded in front, then `padding`
};

// From "kernel_size", "strides", "dilation_rate" and "padding" of a layer over 1 or 2 dimensions.
Window convolution_window(const Json& config, size_t dimensions);

// A causal convolution sees no later step: zeros in front of the sequence.
ValueId pad_causally(LayerCall& call, ValueId x, const Window& window);

// LiteRT's convolutions always have a bias.
ValueId bias_or_zeros(LayerCall& call, int32_t channels);

}  // namespace litesmith::keras
