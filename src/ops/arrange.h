// Operators that put elements in another order: TRANSPOSE, CONCATENATION, PACK, UNPACK, TILE,
// BROADCAST_TO, REVERSE_V2.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operand 1 is the permutation.
struct Transpose : OpOf<Transpose> {
  static const OpDef& definition();
};

struct Concatenation : OpOf<Concatenation> {
  int32_t axis = 0;
  Activation activation = Activation::none;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "axis", self.axis, 0);
    visit(1, "fused_activation_function", self.activation, Activation::none);
  }
};

struct Pack : OpOf<Pack> {
  int32_t values_count = 0;
  int32_t axis = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "values_count", self.values_count, 0);
    visit(1, "axis", self.axis, 0);
  }
};

struct Unpack : OpOf<Unpack> {
  int32_t num = 0;
  int32_t axis = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "num", self.num, 0);
    visit(1, "axis", self.axis, 0);
  }
};

// Operand 1 is how often each dimension is repeated.
struct Tile : OpOf<Tile> {
  static const OpDef& definition();
};

// Operand 1 is the target shape.
struct BroadcastTo : OpOf<BroadcastTo> {
  static const OpDef& definition();
};

// Operand 1 is a vector of the axes to run backwards.
struct ReverseV2 : OpOf<ReverseV2> {
  static const OpDef& definition();
};

}  // namespace litesmith
