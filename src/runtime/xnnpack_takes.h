// Which nodes LiteRT's default interpreter hands to XNNPACK, whose integer arithmetic differs from
// that of the built-in kernels (delegates/xnnpack/xnnpack_delegate.cc).
#pragma once

#include "ir/graph.h"

namespace litesmith {

// True when the delegate, as the pip packages build it, runs this node. Shapes are concrete.
bool xnnpack_takes(const NodeView& node);

}  // namespace litesmith
