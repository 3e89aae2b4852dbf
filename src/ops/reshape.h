// Operators that give the same elements another shape: RESHAPE, SQUEEZE, EXPAND_DIMS.
#pragma once

#include "ir/op.h"

namespace litesmith {

// The target is constant operand 1, or the attribute in old files; one entry may be -1.
struct Reshape : OpOf<Reshape> {
  std::vector<int32_t> new_shape;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "new_shape", self.new_shape);
  }
};

struct Squeeze : OpOf<Squeeze> {
  std::vector<int32_t> squeeze_dims;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "squeeze_dims", self.squeeze_dims);
  }
};

struct ExpandDims : OpOf<ExpandDims> {
  static const OpDef& definition();
};

}  // namespace litesmith
