// The binding function of each op; the list in runtime/binding.cc refers to them.
#pragma once

#include "runtime/binding.h"

namespace litesmith::bindings {

BoundKernel average_pool_2d(const BindContext& context);
BoundKernel conv_2d(const BindContext& context);
BoundKernel depthwise_conv_2d(const BindContext& context);
BoundKernel fully_connected(const BindContext& context);
BoundKernel max_pool_2d(const BindContext& context);
BoundKernel copy(const BindContext& context);  // RESHAPE, SQUEEZE, EXPAND_DIMS

BoundKernel broadcast_to(const BindContext& context);
BoundKernel concatenation(const BindContext& context);
BoundKernel gather(const BindContext& context);
BoundKernel mirror_pad(const BindContext& context);
BoundKernel pack(const BindContext& context);
BoundKernel pad(const BindContext& context);
BoundKernel pad_v2(const BindContext& context);
BoundKernel resize_bilinear(const BindContext& context);
BoundKernel resize_nearest_neighbor(const BindContext& context);
BoundKernel shape_of(const BindContext& context);
BoundKernel slice(const BindContext& context);
BoundKernel split(const BindContext& context);
BoundKernel split_v(const BindContext& context);
BoundKernel strided_slice(const BindContext& context);
BoundKernel tile(const BindContext& context);
BoundKernel transpose(const BindContext& context);
BoundKernel unpack(const BindContext& context);

}  // namespace litesmith::bindings
