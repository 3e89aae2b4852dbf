// PAD (zeros), PADV2 (a constant operand) and MIRROR_PAD; operand 1 is [rank, 2] before and after.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct Pad : OpOf<Pad> {
  static const OpDef& definition();
};

struct PadV2 : OpOf<PadV2> {
  static const OpDef& definition();
};

struct MirrorPad : OpOf<MirrorPad> {
  MirrorPadMode mode = MirrorPadMode::reflect;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "mode", self.mode, MirrorPadMode::reflect);
  }
};

}  // namespace litesmith
