// SPACE_TO_DEPTH and DEPTH_TO_SPACE: blocks of pixels become channels, and back.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct BlockOp {
  int32_t block_size = 0;

  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "block_size", self.block_size, 0);
  }
};

struct SpaceToDepth : BlockOp, OpOf<SpaceToDepth> {
  using BlockOp::attributes;
  static const OpDef& definition();
};

struct DepthToSpace : BlockOp, OpOf<DepthToSpace> {
  using BlockOp::attributes;
  static const OpDef& definition();
};

}  // namespace litesmith
