// FLOOR_MOD, the remainder that has the divisor's sign, and FLOOR_DIV, the quotient it belongs to.
#pragma once

#include "ir/op.h"

namespace litesmith {

// Operands broadcast as NumPy does.
struct FloorMod : OpOf<FloorMod> {
  static const OpDef& definition();
};

struct FloorDiv : OpOf<FloorDiv> {
  static const OpDef& definition();
};

}  // namespace litesmith
