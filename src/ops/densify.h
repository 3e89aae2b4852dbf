// DENSIFY: a constant stored sparse, with its zeros.
#pragma once

#include "ir/op.h"

namespace litesmith {

// The reader has brought its operand into the dense form; what is left to do is nothing.
struct Densify : OpOf<Densify> {
  static const OpDef& definition();
};

}  // namespace litesmith
