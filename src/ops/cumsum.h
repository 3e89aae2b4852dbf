// CUMSUM: running sums along one dimension.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operand 1 is the axis. `exclusive` sums leave their own element out, `reverse` ones run
// backwards.
struct Cumsum : OpOf<Cumsum> {
  bool exclusive = false;
  bool reverse = false;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "exclusive", self.exclusive, false);
    visit(1, "reverse", self.reverse, false);
  }
};

}  // namespace litesmith
