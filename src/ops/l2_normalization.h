// L2_NORMALIZATION: each row of the last dimension to length 1.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct L2Normalization : OpOf<L2Normalization> {
  Activation activation = Activation::none;  // LiteRT takes none

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "fused_activation_function", self.activation, Activation::none);
  }
};

}  // namespace litesmith
