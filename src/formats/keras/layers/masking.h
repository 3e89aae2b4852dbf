// What becomes of masks where tensors meet, and where layers look at them.
#pragma once

#include "formats/keras/layer.h"

namespace litesmith::keras {

// A mask built by `build`, which must not refer to the call: that is over by then.
Mask lazy_mask(std::function<ValueId()> build);
// Of inputs that are merged element by element, or side by side along their last dimension.
Mask merged_mask(const LayerCall& call);
// The same steps from the last to the first; null for null.
Mask reversed(LayerCall& call, const Mask& mask);
// `mask` with one more dimension of 1, at `axis`.
ValueId with_axis(LayerCall& call, ValueId mask, int32_t axis);

}  // namespace litesmith::keras
