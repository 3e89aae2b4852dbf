// Element-wise operators of two operands that broadcast as NumPy does.
#pragma once

#include "ir/op.h"

namespace litesmith {

struct Add : OpOf<Add> {
  Activation activation = Activation::none;
  bool pot_scale_int16 = true;  // int16 scales are powers of two

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "fused_activation_function", self.activation, Activation::none);
    visit(1, "pot_scale_int16", self.pot_scale_int16, true);
  }
};

struct Sub : OpOf<Sub> {
  Activation activation = Activation::none;
  bool pot_scale_int16 = true;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "fused_activation_function", self.activation, Activation::none);
    visit(1, "pot_scale_int16", self.pot_scale_int16, true);
  }
};

struct Mul : OpOf<Mul> {
  Activation activation = Activation::none;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "fused_activation_function", self.activation, Activation::none);
  }
};

struct Div : OpOf<Div> {
  Activation activation = Activation::none;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "fused_activation_function", self.activation, Activation::none);
  }
};

struct Maximum : OpOf<Maximum> {
  static const OpDef& definition();
};

struct Minimum : OpOf<Minimum> {
  static const OpDef& definition();
};

struct SquaredDifference : OpOf<SquaredDifference> {
  static const OpDef& definition();
};

}  // namespace litesmith
