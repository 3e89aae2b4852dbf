// What layers over images and sequences share: LiteRT's kernels take [batch, height, width,
// channels], Keras's layers also sequences, and channels in front.
#pragma once

#include <string_view>

#include "formats/keras/layer.h"
#include "ir/op.h"

namespace litesmith::keras {

bool is_channels_first(const Json& config);
// Throws Error(unsupported) for a data format that is neither.
void check_data_format(const Json& config);

// "valid" or "same"; throws Error(unsupported) for others.
Padding to_padding(std::string_view text);

// The input as [batch, height, width, channels], height 1 for a sequence.
ValueId to_image(LayerCall& call, ValueId x);
// Back to what the layer's output looks like, given the rank of its input.
ValueId from_image(LayerCall& call, ValueId x, size_t rank);
// from_image after `activation`, in the order that gives the same result with fewer operators:
// element-wise activations first, so that they can become part of the operator before.
ValueId activate_and_leave(LayerCall& call, const Json& activation, ValueId x, size_t rank);

}  // namespace litesmith::keras
