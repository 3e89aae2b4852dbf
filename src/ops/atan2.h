// ATAN2: the angle of the point (operand 1, operand 0).
#pragma once

#include "ir/op.h"

namespace litesmith {

struct Atan2 : OpOf<Atan2> {
  static const OpDef& definition();
};

}  // namespace litesmith
