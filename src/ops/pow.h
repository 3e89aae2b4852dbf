// POW: the first operand to the power of the second.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operands broadcast as NumPy does.
struct Pow : OpOf<Pow> {
  static const OpDef& definition();
};

}  // namespace litesmith
