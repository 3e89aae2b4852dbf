// SELECT and SELECT_V2: where the condition (operand 0) holds the element of operand 1, else that
// of operand 2.
#pragma once

#include "ir/op.h"

namespace litesmith {

// The values have one shape; the condition has it too, or is one boolean, or one a row of the first
// dimension.
struct Select : OpOf<Select> {
  static const OpDef& definition();
};

// All three broadcast as NumPy does.
struct SelectV2 : OpOf<SelectV2> {
  static const OpDef& definition();
};

}  // namespace litesmith
