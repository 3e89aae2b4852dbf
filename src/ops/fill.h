// Operators that make a tensor of one number or two: FILL, ZEROS_LIKE, ONE_HOT.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operand 0 is the shape, 1 the value of every element.
struct Fill : OpOf<Fill> {
  static const OpDef& definition();
};

struct ZerosLike : OpOf<ZerosLike> {
  static const OpDef& definition();
};

// Operand 0 holds indices, 1 how many there can be, 2 and 3 the values where an index is and where
// it is not. `axis` is the new dimension's place, -1 the last.
struct OneHot : OpOf<OneHot> {
  int32_t axis = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "axis", self.axis, 0);
  }
};

}  // namespace litesmith
