// Activations with a parameter: LEAKY_RELU, PRELU and GELU.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct LeakyRelu : OpOf<LeakyRelu> {
  float alpha = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "alpha", self.alpha, 0.0f);
  }
};

// Operand 1 is alpha, broadcast over the input.
struct Prelu : OpOf<Prelu> {
  static const OpDef& definition();
};

struct Gelu : OpOf<Gelu> {
  bool approximate = false;  // by tanh instead of erf

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "approximate", self.approximate, false);
  }
};

}  // namespace litesmith
